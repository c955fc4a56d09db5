"""Files as CloudFront answers them, and what is passed on."""

import gzip
from pathlib import Path

import httpx

from benchmarks.storefronts.edge import Answer, files_in, serve

PAGE, SCRIPT = b"<p>Kitchen</p>", b"export const one = 1;"


def test_files_are_found_by_path_compressed_and_kept_as_the_bucket_says(tmp_path: Path) -> None:
    for name, content in {
        "index.html": PAGE,
        "categories/kitchen/index.html": PAGE,
        "assets/1/js/list.js": SCRIPT,
        "assets/1/a.webp": b"RIFF",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    found = files_in(tmp_path)

    assert sorted(found) == [
        "/",
        "/assets/1/a.webp",
        "/assets/1/js/list.js",
        "/categories/kitchen/",
    ]
    assert gzip.decompress(found["/"].body) == PAGE
    assert found["/categories/kitchen/"].caching == "public, max-age=60"
    assert found["/assets/1/js/list.js"].caching == "public, max-age=31536000, immutable"
    assert found["/assets/1/a.webp"].body == b"RIFF"


def test_what_is_no_file_is_asked_of_the_origin_of_its_path() -> None:
    page = Answer("text/html", gzip.compress(PAGE), "public, max-age=60")
    picture = Answer("image/webp", b"RIFF", "public, max-age=9")
    with (
        serve({"/bucket/a.webp": picture}, {}) as bucket,
        serve({"/?x": page}, {"/images/": f"{bucket}/bucket/"}) as address,
    ):
        answer = httpx.get(f"{address}/images/a.webp")
        assert (answer.content, answer.headers["Cache-Control"]) == (b"RIFF", "public, max-age=9")
        for missing in ("/images/b.webp", "/api/"):
            assert httpx.get(address + missing).status_code == 404
