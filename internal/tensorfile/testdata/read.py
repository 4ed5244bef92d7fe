# Reads a file with nothing but Python's standard library, checks its checksum, and prints the bytes of each tensor.
import hashlib
import json
import struct
import sys

raw = open(sys.argv[1], "rb").read()
(n,) = struct.unpack("<Q", raw[:8])
header = json.loads(raw[8 : 8 + n])
metadata = header.pop("__metadata__")
digest = hashlib.sha256()


def field(data):
    digest.update(struct.pack("<Q", len(data)) + data)


for name, text in sorted(metadata.items(), key=lambda item: item[0].encode()):
    if name != "selfnorm.checksum":
        field(name.encode())
        field(text.encode())
for name, info in sorted(header.items(), key=lambda item: item[0].encode()):
    begin, end = info["data_offsets"]
    data = raw[8 + n + begin : 8 + n + end]
    field(name.encode())
    field(info["dtype"].encode())
    field(struct.pack("<%dQ" % len(info["shape"]), *info["shape"]))
    field(data)
    print(name, info["dtype"], *info["shape"], data.hex())
assert metadata["selfnorm.checksum"] == "sha256:" + digest.hexdigest()
