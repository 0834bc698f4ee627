// Copies the new link; where the browser does not let it, the link is selected to be copied by hand.
const link = document.getElementById("link");
const copied = document.getElementById("copied");
const button = document.getElementById("copy");
button.hidden = false;
button.addEventListener("click", async () => {
  link.select();
  try {
    await navigator.clipboard.writeText(link.value);
    copied.textContent = "Copied.";
  } catch {
    copied.textContent = "It is selected: copy it with Ctrl or Cmd and C.";
  }
});
