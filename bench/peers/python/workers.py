"""Worker processes behind shared memory: a stream has one worker and one waiting frame, the newest."""
import asyncio
import collections
import multiprocessing
import signal
from multiprocessing import shared_memory

from analysis import Analyser, History, overlay_json


def work(pipe, memory_name, args):
    """A worker's life: a header through the pipe, its pixels in the shared memory, JSON back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    memory = shared_memory.SharedMemory(memory_name)
    analyser = Analyser(args.model, args.precision, args.threads)
    histories = collections.defaultdict(History)
    pipe.send(analyser.model)
    while (request := pipe.recv()) is not None:
        stream, frame, length, received = request
        try:
            body = analyser.analyse(histories[stream], frame, memory.buf[:length])
            pipe.send(overlay_json(stream, frame, received, body))
        except ValueError as error:
            pipe.send(error)
    memory.close()


class Worker:
    """The front's side of one worker: one frame in work, and the newest of each of its streams."""

    def __init__(self, args, frame_bytes_max):
        self.memory = shared_memory.SharedMemory(create=True, size=frame_bytes_max)
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=work, args=(theirs, self.memory.name, args), daemon=True)
        self.process.start()
        self.current = None
        self.waiting = collections.OrderedDict()

    async def start(self):
        model = await asyncio.to_thread(self.pipe.recv)
        asyncio.get_running_loop().add_reader(self.pipe.fileno(), self.receive)
        return model

    def offer(self, stream, frame, payload, received):
        """A future of the overlay's JSON; None when a newer frame took the place of this one."""
        answer = asyncio.get_running_loop().create_future()
        if stream in self.waiting:
            self.waiting[stream][-1].set_result(None)
        self.waiting[stream] = (stream, frame, payload, received, answer)
        self.feed()
        return answer

    def feed(self):
        if self.current is not None or not self.waiting:
            return
        _, (stream, frame, payload, received, self.current) = self.waiting.popitem(last=False)
        self.memory.buf[:len(payload)] = payload
        self.pipe.send((stream, frame, len(payload), received))

    def receive(self):
        try:
            result, answer = self.pipe.recv(), self.current
        except EOFError:  # the worker died and has said why; without it this is no server
            asyncio.get_running_loop().remove_reader(self.pipe.fileno())
            signal.raise_signal(signal.SIGTERM)
            return
        self.current = None
        self.feed()
        if isinstance(result, ValueError):
            answer.set_exception(result)
        else:
            answer.set_result(result)

    def close(self):
        asyncio.get_running_loop().remove_reader(self.pipe.fileno())
        if self.process.is_alive():
            self.pipe.send(None)
        self.process.join(2)
        self.process.kill()
        self.memory.close()
        self.memory.unlink()


class WorkerPool:
    """Streams are spread over the workers as they come and stay where their history is."""

    def __init__(self, args, frame_bytes_max):
        self.workers = [Worker(args, frame_bytes_max) for _ in range(args.workers)]
        self.places = {}

    async def start(self):
        return [await worker.start() for worker in self.workers][0]

    def worker_of(self, stream):
        return self.workers[self.places.setdefault(stream, len(self.places) % len(self.workers))]

    async def analyse(self, stream, frame, payload, received):
        return await self.worker_of(stream).offer(stream, frame, payload, received)

    def close(self):
        for worker in self.workers:
            worker.close()
