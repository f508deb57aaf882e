/** The part of JSMpeg that is used here; the package brings no types. */
declare module '@cycjimmy/jsmpeg-player' {
  interface PlayerOptions {
    source: new () => object;
    canvas: HTMLCanvasElement;
    audio: boolean;
    autoplay: boolean;
    disableWebAssembly: boolean;
    disableGl: boolean;
    videoBufferSize: number;
    onVideoDecode: () => void;
  }
  const JSMpeg: {
    Player: new (url: string, options: PlayerOptions) => { destroy(): void };
  };

  // biome-ignore lint/style/noDefaultExport: the package exports it so
  export { JSMpeg as default };
}
