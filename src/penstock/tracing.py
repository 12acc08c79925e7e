"""Traces in OpenTelemetry's form: from a request through its commit and the jobs that it opens to their ends.

A trace is carried on as W3C's `traceparent`: in the header of a request, with a command to its commit, in the
row of a job, and in what a worker gets. Until somebody switches traces on, this costs a comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

Kind = Literal["internal", "server", "consumer"]
Attributes = dict[str, str | int]

HEADER: Final = "traceparent"

_tracer: Tracer | None = None


class TracingError(Exception):
    """Traces cannot be sent; the message says what to do."""


@contextmanager
def sent(wanted: bool) -> Iterator[None]:
    """Send the traces of a block, where they are wanted, as OpenTelemetry's variables say.

    Raises:
        TracingError: OpenTelemetry is not installed.
    """
    if not wanted:
        yield
        return
    provider = _provider()
    use(provider)
    try:
        yield
    finally:
        use(None)
        provider.shutdown()


def _provider() -> TracerProvider:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise TracingError("traces need OpenTelemetry: pip install 'penstock[otel]'") from None
    # What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say goes before this.
    provider = TracerProvider(resource=Resource({SERVICE_NAME: "penstock"}).merge(Resource.create()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def use(provider: TracerProvider | None) -> None:
    """Let this provider have the spans from now on; None switches traces off."""
    global _tracer
    _tracer = None if provider is None else provider.get_tracer("penstock")


def span(
    name: str, kind: Kind = "internal", *, parent: str | None = None, attributes: Attributes | None = None
) -> AbstractContextManager[Span | None]:
    """Give a span for the time of a block, and make it the current one; None where traces are off.

    Arguments:
        parent: the `traceparent` that it continues; by default the current span.
    """
    return nullcontext() if _tracer is None else _span(_tracer, name, kind, parent, attributes)


@contextmanager
def _span(
    tracer: Tracer, name: str, kind: Kind, parent: str | None, attributes: Attributes | None
) -> Iterator[Span | None]:
    from opentelemetry import trace

    with trace.use_span(_begin(tracer, name, kind, parent, attributes), end_on_exit=True) as found:
        yield found


def begin(
    name: str, kind: Kind = "internal", *, parent: str | None = None, attributes: Attributes | None = None
) -> Span | None:
    """Begin a span that its taker ends, on whatever thread; None where traces are off."""
    return None if _tracer is None else _begin(_tracer, name, kind, parent, attributes)


def _begin(tracer: Tracer, name: str, kind: Kind, parent: str | None, attributes: Attributes | None) -> Span:
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = None if parent is None else TraceContextTextMapPropagator().extract({HEADER: parent})
    return tracer.start_span(name, context, SpanKind[kind.upper()], attributes)


def current() -> str | None:
    """Give the `traceparent` of the current span, None where there is none that is kept."""
    if _tracer is None:
        return None
    from opentelemetry import trace

    return parent_of(trace.get_current_span())


def parent_of(span: Span | None) -> str | None:
    """Give the `traceparent` by which a span is continued, None where it is not kept."""
    context = None if span is None else span.get_span_context()
    if context is None or not context.is_valid or not context.trace_flags.sampled:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-01"


def header(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Give the `traceparent` of a request, None where traces are off or it has none."""
    if _tracer is None:
        return None
    return next((value.decode("latin-1") for name, value in headers if name == b"traceparent"), None)


def failed(span: Span | None, what: str) -> None:
    """Note that a span's work failed."""
    if span is not None:
        from opentelemetry.trace import StatusCode

        span.set_status(StatusCode.ERROR, what)
