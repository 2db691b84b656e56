// Server-sent events over fetch, because EventSource can't carry an Authorization header (SE-10).

/** Splits a byte stream into events. A half event at the end stays in the buffer. */
export class EventParser {
  constructor(onEvent) {
    this.onEvent = onEvent;
    this.decoder = new TextDecoder();
    this.buffer = "";
  }

  push(bytes) {
    this.buffer += this.decoder.decode(bytes, { stream: true });
    let end = this.buffer.indexOf("\n\n");
    while (end >= 0) {
      this.block(this.buffer.slice(0, end));
      this.buffer = this.buffer.slice(end + 2);
      end = this.buffer.indexOf("\n\n");
    }
  }

  block(text) {
    const event = {};
    for (const line of text.split("\n")) {
      const colon = line.indexOf(":");
      if (colon <= 0) continue;
      event[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
    }
    if (event.id && event.event) {
      this.onEvent({ seq: Number(event.id), event: event.event, data: JSON.parse(event.data) });
    }
  }
}

/**
 * Read one stream to its end.
 * @param {number} silence milliseconds without a byte after which the stream counts as dead. The first byte comes at
 *   once, later ones at least every 15 seconds, unless something on the way holds them back.
 */
export async function readStream(url, headers, onEvent, { first, silence, signal }) {
  const control = new AbortController();
  const stop = () => control.abort();
  signal.addEventListener("abort", stop);
  let timer = setTimeout(stop, first);
  try {
    const response = await fetch(url, { headers, signal: control.signal, cache: "no-store", credentials: "omit" });
    if (!response.ok) return response.status;
    const reader = response.body.getReader();
    const parser = new EventParser(onEvent);
    for (;;) {
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) return 200;
      parser.push(value);
      timer = setTimeout(stop, silence);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
