import threading, pytest
from datetime import datetime, UTC
from decimal import Decimal
from django.db import connection, connections, transaction
from django.db.models import F
from dynamodb.calls import record
from tests.dynamodb.app.models import *
pytestmark = pytest.mark.usefixtures("tables")

def other(f):
    out=[]
    def run():
        try: out.append(f())
        finally: connections.close_all()
    t=threading.Thread(target=run); t.start(); t.join(); return out[0]

def test_lost_update_query():
    Doctor.objects.create(name="a", ward="w", shifts=0)
    try:
        with transaction.atomic():
            d = Doctor.objects.filter(ward="w")[0]
            other(lambda: Doctor.objects.filter(pk="a").update(shifts=F("shifts")+1))
            d.shifts += 1
            d.save()
        r="committed"
    except Exception as e: r=repr(e)
    assert (r, Doctor.objects.get(pk="a").shifts) == ("conflict", 1)

def test_lost_update_scan():
    Doctor.objects.create(name="a", ward="w", shifts=0)
    try:
        with transaction.atomic():
            d = Doctor.objects.all()[0]
            other(lambda: Doctor.objects.filter(pk="a").update(shifts=F("shifts")+1))
            d.shifts += 1
            d.save()
        r="committed"
    except Exception as e: r=repr(e)
    assert (r, Doctor.objects.get(pk="a").shifts) == ("conflict", 1)

def test_open_cursor():
    for n in "abc": Doctor.objects.create(name=n, ward="w")
    with transaction.atomic():
        for d in Doctor.objects.filter(ward="w").iterator(chunk_size=1):
            Doctor.objects.filter(ward="w", name=d.name).update(shifts=3)
            Doctor.objects.filter(ward="w", name=d.name).update(on_call=False)
    assert list(Doctor.objects.order_by("name").values_list("shifts","on_call")) == [(3,False)]*3

def test_open_cursor_auto():
    for n in "abc": Doctor.objects.create(name=n, ward="w")
    for d in Doctor.objects.filter(ward="w").iterator(chunk_size=1):
        Doctor.objects.filter(name=d.name, ward="w").update(shifts=F("shifts")+F("shifts")+1)
        Doctor.objects.filter(name=d.name, ward="w").update(shifts=F("shifts")+F("shifts")+1)
    assert list(Doctor.objects.order_by("name").values_list("shifts")) == [(3,)]*3

def test_ttl_none():
    Ticket.objects.create(code="a", expires=datetime(2030,1,1,tzinfo=UTC))
    with transaction.atomic():
        t=Ticket.objects.get(pk="a"); t.expires=None; t.save()
    raw = connection.dynamodb.call("GetItem", {"TableName": connection.table_prefix+"engine_ticket","Key":{"code":{"S":"a"}}})["Item"]
    assert raw == {"code":{"S":"a"},"note":{"S":""}}

def test_decimal_order():
    for n,p in enumerate(["1234567890123456789012345678.1", "2", "-1234567890123456789012345678.9"]):
        Item.objects.create(sku=str(n), price=Decimal(p))
    assert list(Item.objects.order_by("price").values_list("sku", flat=True)) == ["2","1","0"]
    assert list(Item.objects.filter(price__lt=Decimal("3")).order_by("sku").values_list("sku", flat=True)) == ["1","2"]

def test_native_then_lock():
    Item.objects.create(sku="a", stock=5, title="x")
    with pytest.raises(Exception):
      with transaction.atomic():
        Item.objects.filter(pk="a").update(stock=F("stock")-1)
        Item.objects.select_for_update().get(pk="a")
        other(lambda: Item.objects.filter(pk="a").update(title="y"))

def test_times():
    import time
    t=time.perf_counter()
    for i in range(50): Item.objects.create(sku=str(i))
    t2=time.perf_counter(); print((t2-t)/50)
    with record() as c:
        assert len(Item.objects.filter(pk__in=[str(i) for i in range(250)]))==50
    print([x.operation for x in c])
