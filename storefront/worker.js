// Pages that were seen are there without a line as well. Their files need no help: browsers keep
// those for good. Carts and orders are the API's, which is always asked, and never by this.

const SEEN = "seen";
const MOST = 60; // pages, the oldest go first
const OTHERS = `${registration.scope}admin/`;

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(begin()));
addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate" && event.request.method === "GET") event.respondWith(page(event));
});

/** The pages that are open were there before this was. */
async function begin() {
  await registration.navigationPreload?.enable();
  await clients.claim();
  const open = (await clients.matchAll({ type: "window" })).filter(({ url }) => !url.startsWith(OTHERS));
  await Promise.allSettled(open.map(async ({ url }) => keep(url, await fetch(url, { cache: "force-cache" }))));
}

/** The page of now; without a line the one that was seen. */
async function page(event) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    event.waitUntil(keep(event.request.url, answer.clone()));
    return answer;
  } catch (error) {
    const seen = hasNoLine() && (await (await caches.open(SEEN)).match(nameOf(event.request.url)));
    if (!seen) throw error;
    const told = (await seen.text()).replace("<html ", "<html data-seen ");
    return new Response(told, { headers: seen.headers });
  }
}

/** A laptop's shop that was stopped is better seen to be. */
const hasNoLine = () => !navigator.onLine || location.hostname !== "localhost";

/** Only what the shop says to be everybody's: the admin's pages are not. */
async function keep(url, answer) {
  if (answer.status !== 200 || !answer.headers.get("Cache-Control")?.includes("public")) return;
  const whole = await answer.blob(); // before the one that is there goes: a line may be cut
  const seen = await caches.open(SEEN);
  await seen.delete(nameOf(url)); // so that it is the newest
  await seen.put(nameOf(url), new Response(whole, { headers: answer.headers }));
  const all = await seen.keys();
  await Promise.all(all.slice(0, -MOST).map((each) => seen.delete(each)));
}

/** One page, whichever variant of it was open. */
function nameOf(url) {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
