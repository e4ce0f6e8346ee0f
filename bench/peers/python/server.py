"""A guidance server as one would write it in Python: websockets, OpenCV, ONNX Runtime.

--form single   one process: frames of a stream in turn, analysed on a thread beside the sockets
--form workers  asyncio in front, worker processes behind shared memory, the newest frame wins
"""
import argparse
import asyncio
import collections
import concurrent.futures
import json
import os
import signal
import struct
import sys

import orjson
import uvloop
import websockets
from websockets.asyncio.server import broadcast, serve

from analysis import ANSWERS, Analyser, History, now_us, overlay_json
from workers import WorkerPool

FRAME_BYTES_MAX = 16 << 20
HEADER = struct.Struct("<4sBBBBHBBIQQHHIffB3xI8x")  # docs/protocol.md section 3
FORMATS = {0: "gray8", 3: "jpeg"}


def read_frame(message):
    """The fields of a frame message that matter here, and its payload."""
    (magic, _, _, kind, _, header, pixel_format, _, epoch, frame_id, time_us, width, height, stride,
     x_mm, y_mm, _, length) = HEADER.unpack_from(message)
    payload = memoryview(message)[header:]
    if magic != b"ECHO" or kind != 1 or pixel_format not in FORMATS or len(payload) != length:
        raise ValueError("expected a frame message with gray8 or jpeg")
    spacing = None if x_mm != x_mm else {"xMm": x_mm, "yMm": y_mm}
    return {"epoch": epoch, "frameId": frame_id, "captureTimeUs": time_us, "spacing": spacing,
            "format": FORMATS[pixel_format], "widthPx": width, "heightPx": height,
            "strideBytes": stride}, payload


class Server:
    """Sockets and streams; `analyse(stream, frame, payload)` gives an overlay's JSON or None."""

    def __init__(self, model, takes_newest):
        self.model = model
        self.takes_newest = takes_newest
        self.displays = collections.defaultdict(set)
        self.analyse = None

    async def connection(self, ws):
        try:
            await self.converse(ws)
        except websockets.ConnectionClosedError:
            pass  # left without a word, which only its own process needs to explain

    async def converse(self, ws):
        _, _, _, stream, kind = ws.request.path.split("?")[0].split("/")
        await ws.recv()  # hello
        if kind == "frames":
            await ws.send(self.cart_welcome(stream))
            await self.cart(ws, stream)
        else:
            await ws.send(self.display_welcome(stream))
            self.displays[stream].add(ws)
            try:
                async for text in ws:
                    await self.control(ws, text)
            finally:
                self.displays[stream].discard(ws)

    async def cart(self, ws, stream):
        answers = set()
        async for message in ws:
            if isinstance(message, str):
                await self.control(ws, message)
            elif self.takes_newest:
                answers.add(task := asyncio.create_task(self.answer(ws, stream, message)))
                task.add_done_callback(answers.discard)
            else:
                await self.answer(ws, stream, message)

    async def answer(self, ws, stream, message):
        received = now_us()
        verdict, frame = "ok", {"epoch": None, "frameId": None}
        try:
            frame, payload = read_frame(message)
            overlay = await self.analyse(stream, frame, payload, received)
            if overlay is None:
                verdict = "superseded"
            else:
                broadcast(self.displays[stream], overlay)
        except ValueError:
            verdict = "invalid"
        try:
            await ws.send(orjson.dumps({"type": "verdict", "epoch": frame["epoch"], "verdict": verdict,
                                        "frameId": frame["frameId"], "credits": 1}).decode())
        except websockets.ConnectionClosed:
            pass  # the cart has left and needs no verdict

    async def control(self, ws, text):
        message = json.loads(text)
        if message["type"] == "clock":
            at = now_us()
            reply = {"type": "clock-reply", "t0Us": message["t0Us"], "t1Us": at, "t2Us": now_us()}
            await ws.send(json.dumps(reply))

    def cart_welcome(self, stream):
        return json.dumps({**ANSWERS["cartWelcome"], "stream": stream, "clock": {"nowUs": now_us()}})

    def display_welcome(self, stream):
        info = {**ANSWERS["streamInfo"], "stream": stream}
        return json.dumps({**ANSWERS["displayWelcome"], "info": info, "model": self.model,
                           "clock": {"nowUs": now_us()}})


def single(args):
    analyser = Analyser(args.model, args.precision, args.threads)
    threads = concurrent.futures.ThreadPoolExecutor(args.workers)
    histories = collections.defaultdict(History)
    server = Server(analyser.model, takes_newest=False)

    async def analyse(stream, frame, payload, received):
        loop = asyncio.get_running_loop()
        body = await loop.run_in_executor(threads, analyser.analyse, histories[stream], frame, payload)
        return overlay_json(stream, frame, received, body)

    server.analyse = analyse
    return server


async def main(args):
    pool = None
    if args.form == "workers":
        pool = WorkerPool(args, FRAME_BYTES_MAX)
        server = Server(await pool.start(), takes_newest=True)
        server.analyse = pool.analyse
    else:
        server = single(args)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    if args.until_stdin_ends:
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop.set)
    async with serve(server.connection, "127.0.0.1", args.port, subprotocols=["echoline.v1"],
                     compression=None, max_size=FRAME_BYTES_MAX) as sockets:
        port = sockets.sockets[0].getsockname()[1]
        print(json.dumps({"event": "ready", "url": f"http://127.0.0.1:{port}"}), flush=True)
        await stop.wait()
    if pool is not None:
        pool.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="folder with manifest.json")
    parser.add_argument("--form", choices=["single", "workers"], default="single")
    parser.add_argument("--precision", choices=["int8", "fp32"], default="int8")
    parser.add_argument("--threads", type=int, default=1, help="of one inference")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="threads or processes")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--until-stdin-ends", action="store_true", help="never outlive the benchmark")
    uvloop.run(main(parser.parse_args()))
