// The link of a page with the script around it, such as a widget's: what changes is sent, and what was set is heard.

const linked = document.documentElement.hasAttribute("data-linked") && parent !== window;

function send(message) {
  if (linked) parent.postMessage({microgrAD: message}, "*");
}

function hear(act) {
  if (!linked) return;
  window.addEventListener("message", (event) => {
    if (event.source === parent && event.data?.microgrAD !== undefined) act(event.data.microgrAD);
  });
}
