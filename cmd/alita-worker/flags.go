package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/pflag"
)

// outputFlag is --output.
type outputFlag struct{ json bool }

func (o *outputFlag) add(flags *pflag.FlagSet) { flags.VarP(o, "output", "o", "text or json") }

// Set, String and Type implement pflag.Value.
func (o *outputFlag) Set(text string) error {
	if text != "text" && text != "json" {
		return fmt.Errorf("expected text or json, got %q", text)
	}
	o.json = text == "json"
	return nil
}

func (o *outputFlag) String() string {
	if o.json {
		return "json"
	}
	return "text"
}

func (*outputFlag) Type() string { return "string" }

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// loopFlags are the flags of commands that run until they are interrupted.
type loopFlags struct {
	logFormat, logLevel string
	poll, health        time.Duration
}

func (f *loopFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.logFormat, "log-format", "text", "text or json")
	flags.StringVar(&f.logLevel, "log-level", "info", "debug, info, warn or error")
	flags.DurationVar(&f.poll, "poll", time.Second, "how often the node is asked for a new block")
	flags.DurationVar(&f.health, "health", time.Minute, "how often a health line is written")
}

func (f *loopFlags) logger(w io.Writer) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(f.logLevel)); err != nil {
		return nil, fmt.Errorf("--log-level: expected debug, info, warn or error, got %q", f.logLevel)
	}
	opts := &slog.HandlerOptions{Level: l}
	switch f.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(w, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	}
	return nil, fmt.Errorf("--log-format: expected text or json, got %q", f.logFormat)
}
