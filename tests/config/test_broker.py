"""The embedded broker hands over whole messages, whoever looks at its folder meanwhile."""

import threading
from pathlib import Path
from queue import Empty

from kombu import Connection

from config.celery import app


def connection(folder: Path) -> Connection:
    (folder / "control").mkdir(exist_ok=True)
    return Connection(
        "filesystem://",
        transport_options={
            "data_folder_in": str(folder),
            "data_folder_out": str(folder),
            "control_folder": str(folder / "control"),
        },
    )


def test_every_message_arrives_once_and_whole(tmp_path: Path) -> None:
    assert app.main == "case_coach"
    sent, taken, done = range(300), [], threading.Event()

    def send() -> None:
        with connection(tmp_path).SimpleQueue(tmp_path.name) as queue:
            for number in sent:
                queue.put({"number": number})
        done.set()

    with connection(tmp_path).SimpleQueue(tmp_path.name) as queue:
        threading.Thread(target=send).start()
        while len(taken) < len(sent):
            try:
                was_done = done.is_set()
                message = queue.get(timeout=0.5)
            except Empty:
                assert not was_done
                continue
            taken.append(message.payload["number"])
            message.ack()

    assert sorted(taken) == list(sent)


def test_processes_that_start_together_bind_the_same_queue(tmp_path: Path) -> None:
    faults: list[BaseException] = []

    def bind() -> None:
        try:
            connection(tmp_path).SimpleQueue(tmp_path.name).close()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=bind) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert not list(tmp_path.rglob("*.part"))
