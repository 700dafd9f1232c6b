// Keeps all files of the studio, so that it opens without a network. A new build has another VERSION.
// It also answers with the lesson that the page has made (shown.js).
const KEPT = `microgrAD-studio-${VERSION}`;

async function keep() {
  const cache = await caches.open(KEPT);
  await cache.addAll(["./", ...FILES]);
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("microgrAD-studio-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function found(request) {
  return await caches.match(request, { ignoreSearch: true }) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && event.request.url.startsWith(self.registration.scope)) {
    event.respondWith(found(event.request));
  }
});
