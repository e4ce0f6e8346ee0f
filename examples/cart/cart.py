"""A cart in Python: streams a folder of PNG images, or a moving test picture, to Echoline."""
import argparse, asyncio, collections, json, math, pathlib, random, struct, time, websockets

def now_us():
    return time.monotonic_ns() // 1000

def frame_message(frame_id, pixel_format, width, height, stride, payload, spacing_mm):  # docs/protocol.md section 3
    return struct.pack("<4sBBBBHBBIQQHHIffB3xI8x", b"ECHO", 1, 0, 1, 0, 64, pixel_format, 0, 1, frame_id, now_us(),
                       width, height, stride, spacing_mm, spacing_mm, 0, len(payload)) + payload

def test_pictures(size=256):  # gray8 = format 0
    noise = random.Random(1).randbytes(2 * size * size)
    for step in range(10**9):
        at = step * 7919 % (size * size)
        picture = bytearray(value >> 2 for value in noise[at:at + size * size])
        for x in range(20 + step % 160):  # a bright line that grows
            picture[(40 + x // 2) * size + x] = 255
        yield 0, size, size, size, bytes(picture)

def png_pictures(folder):  # png = format 4; width and height stand in its first bytes
    for payload in map(pathlib.Path.read_bytes, sorted(pathlib.Path(folder).glob("*.png"))):
        yield 4, *struct.unpack(">II", payload[16:24]), 0, payload

async def listen(ws, state):
    async for text in ws:
        message = json.loads(text)
        if message["type"] == "clock":
            await ws.send(json.dumps(dict(type="clock-reply", t0Us=message["t0Us"], t1Us=now_us(), t2Us=now_us())))
        elif message["type"] == "verdict":
            state.update({"credits": message["credits"], message["verdict"]: 1, "pending": -1})
            print(message["frameId"], message["verdict"], message.get("reason", {}).get("message", ""), flush=True)
        else:  # the welcome brings the first credits; error and bye are for people
            state.update({"credits": message.get("inFlightFramesMax", 0)})
            print(text, flush=True)

async def main(args):
    hello = {"type": "hello", "role": "cart", "protocol": {"major": 1, "minor": 0}, "isSimulated": args.png is None}
    async with websockets.connect(args.url, subprotocols=["echoline.v1"], compression=None) as ws:
        await ws.send(json.dumps(hello))
        state = collections.Counter()
        listener = asyncio.ensure_future(listen(ws, state))
        while state["credits"] == 0 and not listener.done():
            await asyncio.sleep(0.01)
        pictures = png_pictures(args.png) if args.png else test_pictures()
        for frame_id, picture in zip(range(1, args.frames + 1), pictures):
            if state["credits"] > 0 and not listener.done():  # else it is skipped: newest wins
                state.update({"credits": -1, "sent": 1, "pending": 1})
                await ws.send(frame_message(frame_id, *picture, args.spacing))
            await asyncio.sleep(1 / args.fps)
        while state["pending"] > 0 and not listener.done():
            await asyncio.sleep(0.02)
        listener.cancel()  # nothing is answered while the socket closes
        print(json.dumps(state))

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--url", default="ws://127.0.0.1:8787/v1/streams/python/frames")
parser.add_argument("--png", metavar="FOLDER", help="images to send instead of the test picture")
parser.add_argument("--frames", type=int, default=300)
parser.add_argument("--fps", type=float, default=30)
parser.add_argument("--spacing", type=float, default=math.nan, metavar="MM", help="mm per pixel (without: unknown)")
asyncio.run(main(parser.parse_args()))
