/** `--import` of this lets a program tell whoever started it how much memory it holds. Keeps no program from ending. */
process.on('message', () => process.send?.(process.memoryUsage.rss()));
process.channel?.unref();
