// Keeps the number of new chapters in the navigation current, for those who watch something, while
// they look at the page: a browser has few connections for one server, so no other page holds one.
const badges = [...document.querySelectorAll('[data-unread]')];
const SOON = 2000; // milliseconds after which one does not only pass by
let events;
let due;

function show(unread) {
  for (const badge of badges) {
    badge.querySelector('b').textContent = unread > 99 ? '99+' : unread;
    badge.hidden = !unread;
  }
}

async function ask() {
  try {
    const answer = await fetch('/api/v1/notifications');
    if (answer.ok) show((await answer.json()).unread);
  } catch { /* no network: the next event says it */ }
}

function follow() {
  events = new EventSource('/api/v1/events');
  // What changed before anybody listened is heard of nowhere else.
  events.addEventListener('open', ask);
  events.addEventListener('notices', ({ data }) => show(JSON.parse(data).unread));
  events.addEventListener('resync', ask);
}

function leave() {
  clearTimeout(due);
  events?.close();
}

if (badges.length) {
  due = setTimeout(follow, SOON);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', ({ persisted }) => { if (persisted) follow(); });
  document.addEventListener('visibilitychange', () => {
    leave();
    if (!document.hidden) follow();
  });
}
