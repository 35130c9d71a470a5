import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from packaging.tags import sys_tags
from packaging.utils import parse_wheel_filename

LOCKS = ("requirements-build.lock", "requirements-charts.lock")
PROJECT = Path(__file__).parents[2]
TAGS = frozenset(sys_tags())
LINK = re.compile(r'<a [^>]*href="([^"#]+)#sha256=(\w{64})"')
HASH = re.compile(r"--hash=sha256:(\w{64})")


class LockedIndex(BaseHTTPRequestHandler):
    """The pages of a package index, with only the wheels of the locks that fit this machine.

    pip compares each of the thousands of files of a page with each tag of the machine. That takes
    longer than all the rest of an installation.
    """

    def __init__(self, index_url: str, hashes: frozenset[str], *connection: Any) -> None:
        self._index_url = index_url
        self._hashes = hashes
        super().__init__(*connection)

    def do_GET(self) -> None:
        """Answer with the page of a package."""
        url = f"{self._index_url}{self.path}"
        links = (
            f'<a href="{urljoin(url, file_url)}#sha256={digest}">{get_filename(file_url)}</a>'
            for file_url, digest in LINK.findall(fetch(url))
            if digest in self._hashes and is_wheel_for_this_machine(get_filename(file_url))
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write("\n".join(links).encode())

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def get_filename(file_url: str) -> str:
    """Return the name of the file at an address."""
    return file_url.rpartition("/")[2]


def is_wheel_for_this_machine(filename: str) -> bool:
    """Return whether a file is a wheel that this Python can install."""
    return filename.endswith(".whl") and bool(TAGS & parse_wheel_filename(filename)[3])


def fetch(url: str) -> str:
    """Return the text at an address."""
    with urlopen(url, timeout=10) as response:  # noqa: S310 - the index that pip uses
        text: str = response.read().decode()
    return text


def find_index_url() -> str:
    """Return the address of the package index that pip uses, by its settings or by default."""
    shown = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--help"],
        env=os.environ | {"COLUMNS": "1000"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"--index-url.*\(default (\S+)\)", shown.stdout)
    return found[1].rstrip("/") if found else ""


@pytest.fixture(scope="session")
def package_index() -> Iterator[str]:
    """Serve the pages of the package index, and return the address; skip if none answers."""
    index_url = find_index_url()
    try:
        fetch(f"{index_url}/hatchling/")
    except (URLError, TimeoutError, ValueError) as error:
        pytest.skip(f"no package index is reached: {error}")
    hashes = frozenset(
        digest for lock in LOCKS for digest in HASH.findall((PROJECT / lock).read_text("utf-8"))
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(LockedIndex, index_url, hashes)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def bare_environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment with an empty home folder and only the system's tools."""
    home = tmp_path / "empty home"
    home.mkdir()
    return {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
