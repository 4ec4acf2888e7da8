"""A real S3 server in a process of its own, and a bucket for each test that asks."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from rightcall.ids import new_id


@pytest.fixture(scope="package")
def endpoint() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(300):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture(scope="package")
def client(endpoint: str) -> Iterator[Any]:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="te/st+ing",
    )
    yield client
    client.close()


@pytest.fixture
def bucket(client: Any) -> str:
    name = f"bucket-{new_id()}"
    client.create_bucket(Bucket=name)
    return name


@pytest.fixture
def address(endpoint: str, bucket: str) -> str:
    return f"s3://testing:te%2Fst%2Bing@{bucket}?endpoint={endpoint}"
