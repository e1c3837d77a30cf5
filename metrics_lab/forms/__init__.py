"""The forms of the lab's pages. They are sent by GET: the address holds what was typed."""
