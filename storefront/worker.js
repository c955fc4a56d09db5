// Pages that were seen are there without a line as well. Their files need no help: browsers keep
// those for good. Carts and orders are the API's, which is always asked, and never by this.

const SEEN = "seen";
const MOST = 60; // pages, the oldest go first
const TOLD = "told"; // of what was never seen: a page of each language
const A_DAY = 86_400_000; // milliseconds
const ROOTS = ["", "de/"].map((root) => registration.scope + root);
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
  await Promise.allSettled(open.map(({ url }) => getReady(url)));
}

/** The page of now; without a line the one that was seen. */
async function page(event) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    event.waitUntil(keep(event.request.url, answer.clone()).then(() => getReady(event.request.url)));
    return answer;
  } catch (error) {
    const { url } = event.request;
    if (!hasNoLine() || url.startsWith(OTHERS)) throw error;
    const seen = await (await caches.open(SEEN)).match(nameOf(url));
    if (!seen) return (await (await caches.open(TOLD)).match(pageOf(rootOf(url)))) ?? Promise.reject(error);
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

/** Which says that there is no line, in the language of a root. */
const pageOf = (root) => `${root}offline.html`;
const rootOf = (url) => ROOTS.findLast((root) => url.startsWith(root));

/** The page of the language, a day old at most: it names files of its time. */
async function getReady(url) {
  if (url.startsWith(OTHERS)) return;
  const told = await caches.open(TOLD);
  const date = (await told.match(pageOf(rootOf(url))))?.headers.get("Date") ?? 0;
  if (Date.now() - new Date(date).getTime() > A_DAY) await told.add(pageOf(rootOf(url)));
}

/** One page, whichever variant of it was open. */
function nameOf(url) {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
