import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def package_index(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip the test if no package index answers a request for one wheel."""
    download = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir"]
    limits = ["--retries", "0", "--timeout", "10", "--dest", str(tmp_path_factory.mktemp("probe"))]
    try:
        attempt = subprocess.run(  # noqa: S603 - fixed arguments
            [*download, *limits, "hatchling"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("no package index is reached: no answer within 60 s")
    if attempt.returncode:
        pytest.skip(f"no package index is reached: {attempt.stderr.strip().splitlines()[-1]}")


@pytest.fixture
def bare_environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment with an empty home folder and only the system's tools."""
    home = tmp_path / "empty home"
    home.mkdir()
    return {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
