"""Frames as an MP4 video, written by FFmpeg, which the optional package imageio-ffmpeg brings along."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viz.write.gif import Pixels

SLOWEST, FASTEST = 10.0, 60.0  # pictures a second
BLOCK = 2  # the sides of a video are a multiple of it
# the same film always gives the same bytes, and a player can begin before it has the whole file
REPEATABLE = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1", "-movflags", "+faststart"]
SHARP = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "16", "-tune", "stillimage", "-threads", "1"]


def needed() -> str:
    """Return the path of FFmpeg; ImportError with what to do if the package is missing."""
    try:
        import imageio_ffmpeg
    except ImportError:
        raise ImportError(
            "an .mp4 film takes the package imageio-ffmpeg: pip install imageio-ffmpeg; a .gif takes no other package"
        ) from None
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def write(frames: Sequence[Pixels], *, seconds: float, hold: float) -> bytes:
    """Return a video.

    Arguments:
        frames: the pixels of each frame, (height, width), as numbers 0xRRGGBB.
        seconds: how long each frame is shown.
        hold: how many seconds the last frame is shown.
    """
    high, wide = (side + side % BLOCK for side in frames[0].shape)
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{wide}x{high}", "-framerate", f"{1 / seconds:.6f}"]
    last = ["-vf", f"tpad=stop_mode=clone:stop_duration={max(hold - seconds, 0):.3f}"]
    rate = ["-r", f"{min(FASTEST, max(SLOWEST, 1 / seconds)):.6f}"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        command = [needed(), "-loglevel", "error", *source, "-i", "-", *last, *rate, *SHARP, *REPEATABLE, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdin and process.stderr
            with suppress(BrokenPipeError):  # FFmpeg says why it ended
                for frame in frames:
                    process.stdin.write(_channels(frame, wide, high))
                process.stdin.close()
            said = process.stderr.read().decode(errors="replace").strip()
        if process.returncode:
            raise OSError(f"FFmpeg could not write the film: {said.splitlines()[-1] if said else 'no reason given'}")
        return path.read_bytes()


def _channels(frame: Pixels, wide: int, high: int) -> bytes:
    """Return a frame as bytes R, G, B, with its last row and column repeated up to the video's size."""
    import numpy as np

    padded = np.pad(frame, ((0, high - frame.shape[0]), (0, wide - frame.shape[1])), mode="edge")
    return np.stack([padded >> 16, padded >> 8 & 255, padded & 255], axis=2).astype(np.uint8).tobytes()
