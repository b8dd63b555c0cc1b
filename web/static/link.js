// The push link: listens, notices silence, says when the link is lost and when it is back.
const SILENCE_MS = 35_000;
const KINDS = ["flip", "received", "forward", "actor", "review", "strip", "resync"];

export function listen({ onEvent, onBeat, onUp, onDown }) {
  let source, isUp = false, heardMs = performance.now();
  const down = () => { if (isUp) { isUp = false; onDown(); } };
  const hear = () => {
    heardMs = performance.now();
    if (!isUp) { isUp = true; onUp(); }
  };
  const connect = () => {
    source = new EventSource("/api/v1/events");
    source.addEventListener("beat", (event) => { hear(); onBeat(JSON.parse(event.data)); });
    for (const kind of KINDS) source.addEventListener(kind, (event) => { hear(); onEvent(kind, JSON.parse(event.data)); });
    source.onerror = () => {
      down();
      // a refused stream is not tried again by the browser
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
    };
  };
  setInterval(() => {
    if (isUp && performance.now() - heardMs > SILENCE_MS) { down(); source.close(); connect(); }
  }, 1000);
  connect();
}
