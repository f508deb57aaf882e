@rem package.json runs its scripts as "exec node ...": a shell then becomes the program, so that signals reach it and its exit code
@rem is npm's own. Windows has no such word; this file, found by cmd.exe in the current folder, is its meaning there.
@%*
