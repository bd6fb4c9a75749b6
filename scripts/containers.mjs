import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cacheFolder.mjs";
import { ensureDebianPackage } from "./debianPackage.mjs";

/**
 * Makes sure of a podman with images and settings of its own in the user's cache folder; gives the environment in which
 * the program has to be called.
 * @returns {Record<string, string>}
 */
export function ensurePodman() {
  ensureDebianPackage("podman", "/usr/bin/podman");
  ensureDebianPackage("runc", "/usr/sbin/runc");
  const folder = join(cacheFolder(), "podman");
  mkdirSync(folder, { recursive: true });
  const settings = join(folder, "containers.conf");
  const storage = join(folder, "storage.conf");
  // Inside a virtual machine without systemd neither crun nor the journal works.
  const engine = 'runtime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"';
  const limits = 'default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]\nlog_driver = "k8s-file"';
  writeFileSync(settings, `[engine]\n${engine}\n[containers]\n${limits}\n`);
  const roots = `graphroot = "${join(folder, "root")}"\nrunroot = "${join(folder, "run")}"`;
  writeFileSync(storage, `[storage]\ndriver = "overlay"\n${roots}\n`);
  return { CONTAINERS_CONF: settings, CONTAINERS_STORAGE_CONF: storage };
}
