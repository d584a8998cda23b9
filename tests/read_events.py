"""read_events.py FILE - an event file of TensorBoard, read by Google's protobuf, as JSON on standard output.

The descriptions below are the parts of event.proto, summary.proto, tensor.proto and the plugin of
hyperparameters that are written; a field that is not in them fails. Checksums are computed bit by bit.
Exit code 77 without protobuf.
"""
import json
import struct
import sys

try:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2
except ImportError as missing:
    print(f"there is no {missing.name} for Python")
    sys.exit(77)

TYPES = {"double": 1, "float": 2, "int64": 3, "int32": 5, "string": 9, "bytes": 12}
MESSAGES = {
    "Event": "double wall_time 1, int64 step 2, string file_version 3, Summary summary 5",
    "Summary": "*Value value 1",
    "Value": "string tag 1, float simple_value 2, Image image 4, Tensor tensor 8, Metadata metadata 9",
    "Image": "int32 height 1, int32 width 2, int32 colorspace 3, bytes encoded_image_string 4",
    "Tensor": "int32 dtype 1, Shape tensor_shape 2, *float float_val 5",
    "Shape": "*Dim dim 2",
    "Dim": "int64 size 1",
    "Metadata": "Plugin plugin_data 1",
    "Plugin": "string plugin_name 1, bytes content 2",
    "HParams": "Start session_start_info 3, End session_end_info 4",
    "Start": "*Entry hparams 1, double start_time_secs 5",
    "Entry": "string key 1, google.protobuf.Value value 2",
    "End": "int32 status 1, double end_time_secs 2",
}


def classes():
    file = descriptor_pb2.FileDescriptorProto(name="events.proto", package="t", syntax="proto3",
                                              dependency=[struct_pb2.DESCRIPTOR.name])
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field in fields.split(", "):
            kind, label, number = field.split()
            f = message.field.add(name=label, number=int(number), label=3 if kind[0] == "*" else 1)
            kind = kind.lstrip("*")
            if kind in TYPES:
                f.type = TYPES[kind]
            else:
                f.type, f.type_name = 11, "." + kind if "." in kind else ".t." + kind
    pool = descriptor_pool.Default()
    pool.Add(file)
    make = message_factory.MessageFactory(pool)
    return {name: make.GetPrototype(pool.FindMessageTypeByName("t." + name)) for name in MESSAGES}


def masked(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


assert masked(b"123456789") == (((0xE3069283 >> 15 | 0xE3069283 << 17) + 0xA282EAD8) & 0xFFFFFFFF)
of = classes()


def parsed(kind, data):
    m = of[kind]()
    m.ParseFromString(data)
    assert m.SerializeToString() and not any(True for _ in m.UnknownFields()), "a field that is not known"
    return m


out = {"scalars": {}, "images": {}, "settings": {}, "times": set()}
data, at = open(sys.argv[1], "rb").read(), 0
while at < len(data):
    head = data[at:at + 8]
    n, = struct.unpack("<Q", head)
    body = data[at + 12:at + 12 + n]
    assert struct.unpack("<I", data[at + 8:at + 12])[0] == masked(head)
    assert struct.unpack("<I", data[at + 12 + n:at + 16 + n])[0] == masked(body)
    event = parsed("Event", body)
    if at == 0:
        assert event.file_version == "brain.Event:2"
    at += 16 + n
    for v in event.summary.value:
        if v.HasField("image"):
            assert v.image.encoded_image_string[:4] == b"\x89PNG"
            out["images"][v.tag] = [v.image.width, v.image.height, event.step]
        elif v.HasField("metadata"):
            assert v.metadata.plugin_data.plugin_name == "hparams"
            h = parsed("HParams", v.metadata.plugin_data.content)
            for e in h.session_start_info.hparams:
                kind = e.value.WhichOneof("kind")
                out["settings"][e.key] = getattr(e.value, kind)
            if h.HasField("session_end_info"):
                out["status"] = h.session_end_info.status
        else:
            out["scalars"].setdefault(v.tag, []).append([event.step, v.simple_value])
    assert event.wall_time > 1e9
del out["times"]
json.dump(out, sys.stdout)
