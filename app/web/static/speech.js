// Reading aloud and speaking, with what the browser itself has; each is hidden where it has nothing.

/** Reads the interviewer's words. Only voices of this machine: others send the words to a service. */
export function aloud(button) {
  const synth = window.speechSynthesis;
  const quiet = { say() {} };
  if (!synth) return quiet;
  const voice = () => {
    const local = synth.getVoices().filter((each) => each.localService && each.lang.startsWith("en"));
    return local.find((each) => each.default) ?? local[0];
  };
  const offer = () => (button.hidden = !voice());
  offer();
  synth.addEventListener?.("voiceschanged", offer);
  let on = false;
  button.addEventListener("click", () => {
    on = !on;
    button.setAttribute("aria-pressed", String(on));
    if (!on) synth.cancel();
  });
  return {
    say(text) {
      const chosen = voice();
      if (!on || !chosen) return;
      const said = new SpeechSynthesisUtterance(text);
      said.voice = chosen;
      said.lang = chosen.lang;
      synth.speak(said);
    },
  };
}

/** Whose service hears it. */
function service() {
  const brands = (navigator.userAgentData?.brands ?? []).map((each) => each.brand).join(" ");
  if (/Edge/.test(brands)) return "Microsoft, the maker of this browser";
  if (/Chrom/.test(brands)) return "Google, whose service this browser uses";
  if (/Safari/.test(navigator.userAgent) && !/Chrom/.test(navigator.userAgent)) return "Apple, the maker of this browser";
  return "a service of this browser’s maker";
}

/** Speaking into a text field. `consent` asks once and is remembered by the drawer; on-device recognition needs none. */
export function speak(button, field, dialog, drawer, tell) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (!Recognition) return;
  button.hidden = false;
  let listening = null;

  async function onDevice() {
    if (!Recognition.available || !("processLocally" in Recognition.prototype)) return false;
    try {
      return (await Recognition.available({ langs: ["en-US"], processLocally: true })) === "available";
    } catch {
      return false;
    }
  }

  async function allowed() {
    if (drawer.get("consent")) return true;
    document.getElementById("speech-service").textContent = service();
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
    if (dialog.returnValue !== "allow") return false;
    drawer.set("consent", true);
    return true;
  }

  function stop() {
    listening = null;
    button.setAttribute("aria-pressed", "false");
    button.textContent = "Speak";
  }

  button.addEventListener("click", async () => {
    if (listening) {
      listening.stop();
      return;
    }
    const local = await onDevice();
    if (!local && !(await allowed())) return;
    const recognition = new Recognition();
    recognition.lang = "en-US";
    recognition.continuous = true;
    if (local) recognition.processLocally = true;
    recognition.addEventListener("result", (event) => {
      for (const result of [...event.results].slice(event.resultIndex)) {
        if (!result.isFinal) continue;
        const words = result[0].transcript.trim();
        field.value += (field.value && !/\s$/.test(field.value) ? " " : "") + words;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    recognition.addEventListener("error", (event) => {
      if (event.error !== "no-speech") tell(`Speech was not recognised (${event.error}). You can type on.`);
    });
    recognition.addEventListener("end", stop);
    recognition.start();
    listening = recognition;
    button.setAttribute("aria-pressed", "true");
    button.textContent = "Stop listening";
  });
}
