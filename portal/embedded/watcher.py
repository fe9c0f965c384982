"""A tiny shell that outlives a process and clears away what it left, however it ended."""

import subprocess
from pathlib import Path

# It hears of each process by a line "SIGNAL:PID" and of the end by the end of its input.
SCRIPT = """
folder=$1; children=
while read -r line; do children="$children $line"; done
for child in $children; do kill "-${child%%:*}" "${child##*:}" 2>/dev/null; done
for child in $children; do
  n=0
  while kill -0 "${child##*:}" 2>/dev/null && [ $n -lt 300 ]; do sleep 0.1; n=$((n+1)); done
done
[ -n "$folder" ] && rm -rf -- "$folder"
"""


class Watcher:
    """Stops the processes it was told of, and removes `folder` if given, when this process dies.

    On Linux the kernel tells the processes faster; elsewhere this is what ends them.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", SCRIPT, "watcher", str(folder or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )

    def tell(self, process: subprocess.Popen[bytes], signal_name: str = "TERM") -> None:
        """Name a process to stop and the signal to do it with."""
        if self._shell.stdin is not None:
            self._shell.stdin.write(f"{signal_name}:{process.pid}\n".encode())
            self._shell.stdin.flush()

    def dismiss(self) -> None:
        """Send the watcher home: everything was cleared away in the orderly way."""
        self._shell.kill()
        self._shell.wait()
        if self._shell.stdin is not None:
            self._shell.stdin.close()
