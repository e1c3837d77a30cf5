// data-offline: a line that shows while there is no connection.
import { announce, each } from "./dom.js";

each("[data-offline]", (line) => {
  const show = () => {
    const was = line.hidden;
    line.hidden = navigator.onLine;
    if (was !== line.hidden && line.hidden) announce("You are connected again");
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
});
