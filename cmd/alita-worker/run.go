package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/keyfile"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
)

// runFlags are the flags of run.
type runFlags struct {
	logFormat string
	logLevel  string
	poll      time.Duration
	health    time.Duration
	maxRun    time.Duration
}

func newRunCommand(o *options) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Watch the chain and work until interrupted",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := newLogger(cmd.ErrOrStderr(), f.logFormat, f.logLevel)
			if err != nil {
				return err
			}
			passphrase, err := o.passphrase(cmd.ErrOrStderr(), false)
			if err != nil {
				return err
			}
			return run(cmd.Context(), o.worker(), passphrase, f, log)
		},
	}
	cmd.Flags().StringVar(&f.logFormat, "log-format", "text", "text or json")
	cmd.Flags().StringVar(&f.logLevel, "log-level", "info", "debug, info, warn or error")
	cmd.Flags().DurationVar(&f.poll, "poll", time.Second, "how often the node is asked for a new block")
	cmd.Flags().DurationVar(&f.health, "health", time.Minute, "how often a health line is written")
	cmd.Flags().DurationVar(&f.maxRun, "max-run", 10*time.Minute, "how long one run of a program may take")
	return cmd
}

// columnBytes bounds the memory for what is kept of the owner's files between the rounds of jobs.
const columnBytes = 128 << 20

func run(ctx context.Context, h worker.Home, passphrase string, f runFlags, log *slog.Logger) (err error) {
	if err := h.Check(); err != nil {
		return err
	}
	policy, err := worker.ReadPolicy(h.PolicyFile())
	if err != nil {
		return err
	}
	keys, err := keyfile.Read(h.KeyFile(), passphrase)
	if err != nil {
		return err
	}
	debug.FreeOSMemory() // scrypt has used 256 MiB, more than the worker ever does
	signer, err := chain.NewSigner(keys.Account)
	if err != nil {
		return err
	}
	client, err := chain.Dial(policy.Node)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	box, err := sandbox.New(ctx, sandbox.Config{CacheDir: h.Cache()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close(context.WithoutCancel(ctx))) }()
	journal, err := worker.OpenJournal(h.Journal())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	columns := source.NewCache(columnBytes)
	computer := &worker.Computer{Policy: policy, Key: keys.Reader, Sandbox: box, Columns: columns}
	return worker.New(worker.Config{
		Policy:  policy,
		Address: signer.Address(),
		Key:     keys.Reader.Public(),
		Chain:   client,
		Sender: &chain.Sender{
			Client: client, Signer: signer, ChainID: policy.ChainID, FeeGranter: policy.FeeGranter(), GasPrice: policy.Fees.GasPrice,
		},
		Compute: computer.Compute,
		Shares:  computer,
		Journal: journal,
		Columns: columns,
		Log:     log,
		Poll:    f.poll,
		Health:  f.health,
		MaxRun:  f.maxRun,
	}).Run(ctx)
}

func newLogger(w io.Writer, format, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("--log-level %q: debug, info, warn or error is expected", level)
	}
	opts := &slog.HandlerOptions{Level: l}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	}
	return nil, fmt.Errorf("--log-format %q: text or json is expected", format)
}
