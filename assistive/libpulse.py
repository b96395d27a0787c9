"""assistive: the client library of the sound server, which is PulseAudio or PipeWire.

The functions are those of https://www.freedesktop.org/software/pulseaudio/doxygen/ (mainloop.h, context.h,
introspect.h, subscribe.h, stream.h); `load` gives them their types.
"""

from __future__ import annotations

import ctypes

CONTEXT_NO_AUTOSPAWN = 1
CONTEXT_READY = 4  # a larger state means that the connection has ended
STREAM_READY = 2  # a larger state means that the stream has ended
STREAM_INTERPOLATE_TIMING = 0x0002
STREAM_AUTO_TIMING_UPDATE = 0x0008
# The device keeps as little as one request, however much the server keeps: silence comes at once.
STREAM_EARLY_REQUESTS = 0x4000
SUBSCRIPTION_SINKS_AND_SERVER = 0x0001 | 0x0080
SAMPLE_S16LE = 3
DEFAULT = 0xFFFFFFFF
FAILED = 2**64 - 1  # what functions that return a size return on failure


class SampleSpec(ctypes.Structure):
    """pa_sample_spec."""

    _fields_ = (("format", ctypes.c_int), ("rate", ctypes.c_uint32), ("channels", ctypes.c_uint8))


class BufferAttributes(ctypes.Structure):
    """pa_buffer_attr: sizes in bytes."""

    _fields_ = tuple(
        (name, ctypes.c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize")
    )


class ServerInfo(ctypes.Structure):
    """pa_server_info, as far as it is read here."""

    _fields_ = (
        ("user_name", ctypes.c_char_p),
        ("host_name", ctypes.c_char_p),
        ("server_version", ctypes.c_char_p),
        ("server_name", ctypes.c_char_p),
        ("sample_spec", SampleSpec),
        ("default_sink_name", ctypes.c_char_p),
    )


ServerInfoCallback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(ServerInfo), ctypes.c_void_p)
SubscribeCallback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32, ctypes.c_void_p)


def load() -> ctypes.CDLL:
    """Return the library. Raises OSError if it is not installed (Debian: libpulse0)."""
    pulse = ctypes.CDLL("libpulse.so.0")
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    size, index = ctypes.c_size_t, ctypes.c_int64
    signatures: dict[str, tuple[type | None, tuple[type, ...]]] = {
        "pa_mainloop_new": (pointer, ()),
        "pa_mainloop_get_api": (pointer, (pointer,)),
        "pa_mainloop_prepare": (number, (pointer, number)),
        "pa_mainloop_poll": (number, (pointer,)),
        "pa_mainloop_dispatch": (number, (pointer,)),
        "pa_mainloop_wakeup": (None, (pointer,)),
        "pa_mainloop_free": (None, (pointer,)),
        "pa_context_new": (pointer, (pointer, text)),
        "pa_context_connect": (number, (pointer, text, number, pointer)),
        "pa_context_get_state": (number, (pointer,)),
        "pa_context_get_server_info": (pointer, (pointer, ServerInfoCallback, pointer)),
        "pa_context_set_subscribe_callback": (None, (pointer, SubscribeCallback, pointer)),
        "pa_context_subscribe": (pointer, (pointer, number, pointer, pointer)),
        "pa_context_disconnect": (None, (pointer,)),
        "pa_context_unref": (None, (pointer,)),
        "pa_operation_unref": (None, (pointer,)),
        "pa_stream_new": (pointer, (pointer, text, ctypes.POINTER(SampleSpec), pointer)),
        "pa_stream_connect_playback": (
            number,
            (pointer, text, ctypes.POINTER(BufferAttributes), number, pointer, pointer),
        ),
        "pa_stream_get_state": (number, (pointer,)),
        "pa_stream_writable_size": (size, (pointer,)),
        "pa_stream_write": (number, (pointer, text, size, pointer, index, number)),
        "pa_stream_get_time": (number, (pointer, ctypes.POINTER(ctypes.c_uint64))),
        "pa_stream_get_underflow_index": (index, (pointer,)),
        "pa_stream_disconnect": (number, (pointer,)),
        "pa_stream_unref": (None, (pointer,)),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(pulse, name)
        function.restype, function.argtypes = result, arguments
    return pulse
