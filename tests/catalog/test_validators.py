"""SKUs, barcodes, pairs and pictures."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import validators
from catalog.pairs import format_pairs, parse_pairs


@pytest.mark.parametrize("sku", ["A", "MUG-RED_1.5", "x" * 64])
def test_a_sku(sku):
    validators.validate_sku(sku)


@pytest.mark.parametrize("sku", ["", "A B", "Ä", "A/B", "A\n"])
def test_not_a_sku(sku):
    with pytest.raises(ValidationError):
        validators.validate_sku(sku)


@pytest.mark.parametrize("code", ["4006381333931", "96385074", "036000291452", "10614141000415"])
def test_a_gtin(code):
    validators.validate_gtin(code)


@pytest.mark.parametrize("code", ["4006381333932", "400638133393", "1", "abcdefgh", "٤٠٠٦٣٨١٣"])
def test_not_a_gtin(code):
    with pytest.raises(ValidationError):
        validators.validate_gtin(code)


@pytest.mark.parametrize(
    "value", ["text", [], {"": "Red"}, {"colour": ""}, {"colour": 3}, {"a": "b;c"}, {"a=b": "c"}]
)
def test_not_pairs(value):
    with pytest.raises(ValidationError):
        validators.validate_pairs(value)


def test_pairs_are_written_and_read_alike():
    pairs = {"colour": "Red", "size": "M"}
    assert format_pairs(pairs) == "colour=Red; size=M"
    assert parse_pairs(" colour = Red;size=M; ") == pairs
    assert parse_pairs("") == {}


@pytest.mark.parametrize("text", ["colour", "=Red", "colour=", "a=1; a=2"])
def test_pairs_that_cannot_be_read(text):
    with pytest.raises(ValidationError):
        parse_pairs(text)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_by_its_content(picture, kind):
    validators.validate_image(picture("whatever.txt", kind))


def test_a_gif_is_refused(picture):
    with pytest.raises(ValidationError, match="JPEG, PNG or WebP"):
        validators.validate_image(picture("a.png", "GIF"))


def test_text_is_no_picture():
    with pytest.raises(ValidationError, match="not a picture"):
        validators.validate_image(SimpleUploadedFile("a.png", b"<svg onload=alert(1)>"))


def test_too_many_bytes(picture, monkeypatch):
    monkeypatch.setattr(validators, "MAX_IMAGE_BYTES", 10)
    with pytest.raises(ValidationError, match="over 0 MB"):
        validators.validate_image(picture())


def test_too_many_pixels(picture, monkeypatch):
    monkeypatch.setattr(validators, "MAX_IMAGE_PIXELS", 63)
    with pytest.raises(ValidationError, match="8x8 pixels"):
        validators.validate_image(picture())
