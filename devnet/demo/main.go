// Command demo plays the life of three data collections, from their creation to
// the payment of their owners, on a network of real processes and on real data.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() { os.Exit(start()) }

// start reads the flags and returns the exit status.
func start() int {
	keep := flag.Bool("keep", false, "leave the network and the workers running, and say how to use them")
	dir := flag.String("dir", ".demo", "directory for homes, logs and data; its content is replaced")
	build := flag.String("build", "build", "directory of alitad and alita-worker")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *dir, *build, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		return 1
	}
	return 0
}

// run plays everything, and ends what it has started unless all went well and it is to keep it.
func run(ctx context.Context, dir, build string, keep bool) (err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	build, err = filepath.Abs(build)
	if err != nil {
		return err
	}
	if err := clear(dir); err != nil {
		return err
	}
	d := &demo{story: newStory(os.Stdout), dir: dir, build: build}
	defer func() {
		if keep && err == nil {
			return
		}
		err = errors.Join(err, d.stop())
	}()
	if err := d.play(ctx); err != nil {
		return err
	}
	if !keep {
		return nil
	}
	d.tellHowToGoOn()
	<-ctx.Done()
	d.story.line("ending the network")
	return d.stop()
}

// clear empties the demonstration's own directory, and refuses any other.
func clear(dir string) error {
	marker := filepath.Join(dir, ".alita-demo")
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return err
	case len(entries) > 0:
		if _, err := os.Stat(marker); err != nil {
			return fmt.Errorf("%s is not empty and not a directory of this demonstration: choose another with -dir", dir)
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(marker, nil, 0o600)
}
