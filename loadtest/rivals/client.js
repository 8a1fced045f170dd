// SPDX-License-Identifier: EUPL-1.2
// What the rivals' pages have in common: the same camera and microphone as Vidd's page asks for, a
// picture in each direction, and a join that the bench calls.
"use strict";

window.camera = navigator.mediaDevices.getUserMedia({
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
});
window.camera.then((stream) => {
  document.querySelector("#self").srcObject = stream;
});
// On a thin link the other script comes later than the camera.
window.addEventListener("load", async () => {
  await window.camera;
  document.body.dataset.ready = "1";
});

/** Shows and plays what arrives: the first picture and the first sound, and beside them those of others. */
window.show = (track) => {
  const first = document.querySelector(track.kind === "video" ? "#remote" : "#sound");
  let element = first;
  if (first.srcObject) {
    element = first.cloneNode();
    element.removeAttribute("id");
    document.body.append(element);
  }
  element.srcObject = new MediaStream([track]);
};
