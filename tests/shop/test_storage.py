"""Where images are kept and found."""

import copy
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from storages.backends.s3 import S3Storage

from shop.storage import ImageStorage


@pytest.fixture
def storage(settings: Any) -> ImageStorage:
    settings.IMAGE_BASE_URL = "https://cdn.example.com/images/"
    return ImageStorage(bucket_name="pictures", file_overwrite=False)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("products/a.webp", "https://cdn.example.com/images/products/a.webp"),
        ("products/ä b.webp", "https://cdn.example.com/images/products/%C3%A4%20b.webp"),
        ("", ""),
    ],
)
def test_an_address_needs_no_s3(storage: ImageStorage, name: str, address: str) -> None:
    assert storage.url(name) == address
    assert "s3" not in vars(storage)


def test_all_else_is_s3_s(storage: ImageStorage) -> None:
    assert isinstance(storage.s3, S3Storage)
    assert (storage.bucket_name, storage.file_overwrite) == ("pictures", False)
    with pytest.raises(AttributeError, match="nothing"):
        _ = storage.nothing


def test_a_copy_is_one_too(storage: ImageStorage) -> None:
    assert copy.deepcopy(storage).bucket_name == "pictures"


def test_a_file_comes_and_goes() -> None:
    name = default_storage.save("products/story.txt", ContentFile(b"once"))
    with default_storage.open(name) as stored:
        assert stored.read() == b"once"
    assert default_storage.url(name).endswith(f"/{name}")
    default_storage.delete(name)
    assert not default_storage.exists(name)


def test_what_s3_lacks_is_said_so(storage: ImageStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: S3Storage, **options: Any) -> None:
        raise AttributeError("no bucket")

    monkeypatch.setattr(S3Storage, "__init__", fail)
    with pytest.raises(AttributeError):
        storage.exists("a.webp")
