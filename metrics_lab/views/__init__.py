"""The lab's pages, one module a tool."""
