// What one changes is sent one after another, so that the server ends with what was meant last,
// however long an answer takes. On leaving, what still waits is sent at once.

const waiting = [];
let isBusy = false;
let isLeaving = false;

async function begin({ send, told }) {
  isBusy = true;
  told(await send().catch(() => null));
  isBusy = false;
  if (waiting.length) begin(waiting.shift());
}

// The answer; null where there is none.
export const inTurn = (send) => new Promise((told) => {
  if (isBusy && !isLeaving) waiting.push({ send, told });
  else begin({ send, told });
});

addEventListener('pagehide', () => { isLeaving = true; waiting.splice(0).forEach(begin); });
addEventListener('pageshow', () => { isLeaving = false; });
