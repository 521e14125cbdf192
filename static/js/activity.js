// Keeps the page of what is going on current: asks for its moving part again when the server
// says that a job changed, or every two seconds where events do not come through. Only what
// differs is changed, so that nothing re-flows and focus stays.

const LEAST = 1000; // milliseconds between two questions
const part = () => document.getElementById('activity');
let asking = false;
let due = 0;
let last = 0;

const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key : undefined);
const isAlike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

function alter(old, fresh) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== 'style') old.removeAttribute(name); // ui.js sets tints
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  let child = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    if (child && isAlike(child, wanted)) {
      alter(child, wanted);
      child = child.nextSibling;
    } else {
      old.insertBefore(wanted, child);
    }
  }
  while (child) {
    const next = child.nextSibling;
    child.remove();
    child = next;
  }
}

async function ask() {
  if (asking || document.hidden) return;
  asking = true;
  last = Date.now();
  try {
    const answer = await fetch('/activity', { headers: { 'HX-Request': 'true', 'HX-Target': 'activity' } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('activity');
    if (fresh) alter(part(), fresh);
  } catch { /* no network: the next question may come through */ } finally {
    asking = false;
  }
}

function soon() {
  if (due) return;
  due = setTimeout(() => { due = 0; ask(); }, Math.max(0, last + LEAST - Date.now()));
}

let heard = false;
const events = new EventSource('/api/v1/events');
events.addEventListener('open', () => { heard = true; soon(); });
events.addEventListener('job', soon);
events.addEventListener('library', soon);
events.addEventListener('error', () => { heard = false; });
setInterval(() => { if (!heard || part().dataset.live) soon(); }, 2000);
document.addEventListener('visibilitychange', () => { if (!document.hidden) soon(); });
