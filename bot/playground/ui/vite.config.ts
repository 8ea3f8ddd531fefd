import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Names without hashes: the server says "no-cache", so that nobody gets an old page, and a change of ours leaves
// the large file of libraries as it is.
export default defineConfig({
  base: "/static/",
  plugins: [react()],
  build: {
    outDir: "../slack/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        entryFileNames: "app.js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
        codeSplitting: { groups: [{ name: "libraries", test: /node_modules/ }] },
      },
    },
  },
  server: {
    proxy: {
      "^/(control|changes|history|files|downloads|pictures|inspect|archives)": process.env.LOCAL_SLACK_URL ?? "",
    },
  },
});
