"""What the calculator counts of templates, items and forms."""

from pathlib import Path

from benchmarks.cost.browser import fields_of
from benchmarks.cost.sizes import item_size, stored_size
from benchmarks.cost.stack import Stack, count_stack


def test_what_stands_there_is_counted(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "Parameters:\n  Plan: {Type: String}\n"
        "Conditions:\n  ByUse: !Equals [!Ref Plan, NONE]\n"
        "Resources:\n  A: {Type: AWS::CloudWatch::Alarm}\n  B: {Type: AWS::CloudWatch::Alarm}\n"
        "  C: {Type: AWS::CloudWatch::Dashboard, Condition: ByUse}\n"
        "  Q:\n    Type: AWS::SQS::Queue\n    Properties: {RedrivePolicy: {}}\n"
        "  D:\n    Type: AWS::CloudFront::Distribution\n    Properties:\n"
        "      DistributionConfig:\n        CacheBehaviors:\n"
        "          - {TargetOriginId: images, FunctionAssociations: []}\n"
        "          - {TargetOriginId: api}\n"
    )
    (tmp_path / "two.yaml").write_text(
        "Resources:\n  K: {Type: AWS::KMS::Key}\n  W:\n    Type: AWS::WAFv2::WebACL\n"
        "    Properties: {Rules: [{Name: rate}, {Name: other}]}\n"
    )
    assert count_stack("NONE", tmp_path) == Stack(
        alarms=2,
        dashboards=1,
        firewalls=1,
        firewall_rules=2,
        queues=1,
        keys=1,
        edge_functions=frozenset({"images"}),
    )
    assert count_stack("FREE", tmp_path).dashboards == 0


def test_the_repository_s_templates_are_read() -> None:
    assert count_stack() == Stack(
        alarms=20,
        firewalls=1,
        firewall_rules=4,
        secrets=2,
        queues=3,
        keys=1,
        edge_functions=frozenset({"images", "api"}),
    )


def test_an_item_s_size() -> None:
    """Names and values: "ä" is two bytes, 12.50 three significant digits, a list 3 and 1 each."""
    assert item_size({"name": {"S": "ä"}}) == 4 + 2
    assert item_size({"n": {"N": "12.50"}}) == 1 + 3
    assert item_size({"n": {"N": "-7"}}) == 1 + 3
    assert item_size({"l": {"L": [{"BOOL": True}, {"S": "ab"}]}}) == 1 + 3 + 2 + 1 + 2
    assert item_size({"m": {"M": {"k": {"NULL": True}}}}) == 1 + 3 + 1 + 1 + 1


def test_an_index_holds_what_has_its_key() -> None:
    item = {"id": {"S": "12345678"}, "email": {"S": "a"}}
    indexes = [
        {"Projection": {"ProjectionType": "ALL"}, "KeySchema": [{"AttributeName": name}]}
        for name in ("email", "user_id")
    ]
    assert stored_size(item, ["id"], indexes) == 2 * (16 + 100)


def test_an_index_holds_what_it_projects() -> None:
    item = {"id": {"S": "12345678"}, "email": {"S": "a"}, "at": {"S": "12"}, "text": {"S": "x"}}
    index = {
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["at"]},
        "KeySchema": [{"AttributeName": "email"}],
    }
    assert stored_size(item, ["id"], [index]) == (10 + 6 + 4 + 5 + 100) + (10 + 6 + 4 + 100)


def test_what_a_browser_sends_of_a_form() -> None:
    page = (
        '<input name="a" value="1"><input type="checkbox" name="b"><input type="file" name="c">'
        '<input type="checkbox" name="d" value="on" checked><input type="submit" name="e">'
        '<select name="f"><option value="x">X<option value="y" selected>Y</select>'
        '<textarea name="g">\nText &amp; more</textarea><input value="nameless">'
    )
    assert fields_of(page) == [("a", "1"), ("d", "on"), ("f", "y"), ("g", "Text & more")]
