// Loaded into local-slack before it starts: keeps it on loopback, and lets a test make it fail in the ways Slack does.
// POST /_fault {method, times, status, retryAfter, body}: the next answers of a Web API method.
// POST /_sockets/event {event} or {interaction}: what local-slack has no way to cause, such as an edit or a shortcut.
// POST /_sockets/drop: cuts every socket. POST /_sockets/again: sends the last envelopes once more, under new ids.
const serve = Bun.serve;
const faults = [];
const sockets = new Set();
const sent = [];

Bun.serve = (options) => {
  const { fetch, websocket = {} } = options;
  return serve({
    ...options,
    hostname: '127.0.0.1',
    async fetch(request, server) {
      const url = new URL(request.url);
      if (url.pathname === '/_fault') {
        const fault = await request.json();
        if (fault.times === 0)
          faults.splice(0, faults.length, ...faults.filter(({ method }) => method !== fault.method));
        faults.push(fault);
        return Response.json({ ok: true });
      }
      if (url.pathname === '/_sockets/drop') {
        for (const socket of sockets) socket.close(1011, 'dropped by a test');
        return Response.json({ ok: true, dropped: sockets.size });
      }
      if (url.pathname === '/_sockets/event')
        return Response.json({ ok: true, sent: tell(await request.json()) });
      if (url.pathname === '/_sockets/again') return Response.json({ ok: true, sent: sendAgain() });
      return failing(url) ?? fetch.call(this, request, server);
    },
    websocket: {
      ...websocket,
      open(socket) {
        sockets.add(socket);
        const send = socket.send.bind(socket);
        socket.send = (data, ...rest) => {
          if (typeof data === 'string' && data.includes('envelope_id')) sent.push(data);
          return send(data, ...rest);
        };
        return websocket.open?.(socket);
      },
      close(socket, ...rest) {
        sockets.delete(socket);
        return websocket.close?.(socket, ...rest);
      },
    },
  });
};

function failing(url) {
  const index = faults.findIndex(({ method, times }) => times > 0 && url.pathname === `/api/${method}`);
  if (index === -1) return undefined;
  const fault = faults[index];
  fault.times -= 1;
  const after = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  const headers = { ...fault.headers, ...after };
  const body = fault.body ?? { ok: false, error: fault.status === 429 ? 'ratelimited' : 'internal_error' };
  return Response.json(body, { status: fault.status ?? 200, headers });
}

function sendAgain() {
  const envelopes = sent.slice(-20).map((text) => JSON.parse(text));
  for (const envelope of envelopes) {
    const again = {
      ...envelope,
      envelope_id: crypto.randomUUID(),
      retry_attempt: 1,
      retry_reason: 'timeout',
    };
    if (again.payload?.event_id) again.payload = { ...again.payload, event_id: `Ev${crypto.randomUUID()}` };
    for (const socket of sockets) socket.send(JSON.stringify(again));
  }
  return envelopes.length;
}

function tell({ event, interaction }) {
  const payload = interaction ?? {
    type: 'event_callback',
    team_id: 'T01TEST',
    api_app_id: 'A01',
    event,
    event_id: `Ev${crypto.randomUUID()}`,
  };
  const envelope = {
    type: interaction ? 'interactive' : 'events_api',
    envelope_id: crypto.randomUUID(),
    accepts_response_payload: false,
    payload,
  };
  for (const socket of sockets) socket.send(JSON.stringify(envelope));
  return sockets.size;
}
