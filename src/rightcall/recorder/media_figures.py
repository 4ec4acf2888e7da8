"""Figures of the media process. Labels come from closed lists; no id of a call or a stream is one."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class MediaFigures:
    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.registry = registry
        self.streams = Gauge(
            "rightcall_rtp_streams", "Streams received.", ["gate"], registry=registry, multiprocess_mode="livemostrecent"
        )
        self.refused = Counter("rightcall_rtp_refused_total", "RTP packets not taken, by reason.", ["reason"], registry=registry)
        self.stored = Counter("rightcall_rtp_stored_total", "RTP packets sealed.", registry=registry)
        self.failures = Counter(
            "rightcall_media_failures_total",
            "Times that the media process closed gates because something failed, by what it was.",
            ["what"],
            registry=registry,
        )
        self.waiting = Gauge(
            "rightcall_takes_waiting",
            "Finished takes that are not in the object store yet.",
            registry=registry,
            multiprocess_mode="livemostrecent",
        )
        self.silent = Gauge(
            "rightcall_calls_silent", "Calls that send no RTP.", registry=registry, multiprocess_mode="livemostrecent"
        )
