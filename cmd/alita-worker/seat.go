package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/keyfile"
	"github.com/alita-network/alita/node/seat"
)

func newSeatCommand(o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "seat",
		Short: "A validator's seat in secure sums",
		Long: `A seat is a validator's part in secure sums: it gets a share of what each owner contributes, which tells nothing by
itself, judges it without reading it, and opens the sum of its shares. It is drawn for jobs by the validator's stake, and
loses a part of its bond where it is silent.

seat.journal in its folder holds the keys of its open jobs, under seat.key, and what it has answered, so that it never answers
in two ways. A job's key is random and is erased when the job has been over for 100 blocks. Neither copy the journal nor put an
older one in its place, and run a key file on one machine only.

Begin with "alita-worker seat init", then have the validator's operator run the commands that it prints.`,
	}
	cmd.AddCommand(newSeatInitCommand(o), newSeatCheckCommand(o), newSeatRunCommand(o))
	return cmd
}

func (o *options) seat() seat.Home { return seat.Home(o.home) }

func newSeatInitCommand(o *options) *cobra.Command {
	var settings seat.Settings
	var bond, fee, output string
	cmd := &cobra.Command{
		Use:     "init",
		Short:   "Make the seat's key and a configuration file, and print what the operator has to do",
		Example: `  alita-worker seat init --node 127.0.0.1:9090 --chain-id alita-1 --bond 1000000000ualita --fee 500`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output != "text" && output != "json" {
				return fmt.Errorf("--output %q: text or json is expected", output)
			}
			file, err := settings.File()
			if err != nil {
				return err
			}
			passphrase, err := o.passphrase(cmd.ErrOrStderr(), true)
			if err != nil {
				return err
			}
			made, err := initSeat(o.seat(), settings, file, passphrase, bond, fee)
			if err != nil {
				return err
			}
			return made.write(cmd.OutOrStdout(), output)
		},
	}
	f := cmd.Flags()
	f.StringVar(&settings.Node, "node", "127.0.0.1:9090", "gRPC address of a node: host:port, or https://host[:port]")
	f.StringVar(&settings.ChainID, "chain-id", "", "id of the chain")
	f.StringVar(&settings.FeeGranter, "fee-granter", "", "account whose fee grant pays for transactions; empty: the seat's own account")
	f.StringVar(&settings.GasPrice, "gas-price", "", "price of gas such as 0.0025ualita; empty takes the node's minimum")
	f.IntVar(&settings.CPUs, "cpus", 0, "how many contributions are judged at a time; 0: as many as the machine has processors")
	f.StringVar(&bond, "bond", "1000000000ualita", "bond in the printed command")
	f.StringVar(&fee, "fee", "500", "fee for a contribution in the printed command, in ualita")
	f.StringVarP(&output, "output", "o", "text", "text or json")
	if err := cmd.MarkFlagRequired("chain-id"); err != nil {
		panic(err)
	}
	return cmd
}

// seatMade is what seat init has made.
type seatMade struct {
	Seat       string   `json:"seat"`
	KeyFile    string   `json:"key_file"`
	ConfigFile string   `json:"config_file"`
	Commands   []string `json:"commands"`
}

// seatMessages are what a seat sends.
const seatMessages = "/alita.compute.v1.MsgTakeSeat,/alita.compute.v1.MsgPrepare,/alita.compute.v1.MsgOpenSum"

func initSeat(h seat.Home, s seat.Settings, file []byte, passphrase, bond, fee string) (seatMade, error) {
	if err := h.Create(); err != nil {
		return seatMade{}, err
	}
	if _, err := os.Lstat(h.ConfigFile()); !errors.Is(err, os.ErrNotExist) {
		return seatMade{}, fmt.Errorf("%s exists already; give another --home", h.ConfigFile())
	}
	keys, err := keyfile.Generate()
	if err != nil {
		return seatMade{}, err
	}
	signer, err := chain.NewSigner(keys.Account)
	if err != nil {
		return seatMade{}, err
	}
	if err := keyfile.Write(h.KeyFile(), keys, passphrase); err != nil {
		return seatMade{}, err
	}
	if err := os.WriteFile(h.ConfigFile(), file, 0o600); err != nil {
		return seatMade{}, err
	}
	made := seatMade{Seat: signer.Address(), KeyFile: h.KeyFile(), ConfigFile: h.ConfigFile()}
	if s.FeeGranter != "" {
		made.Commands = append(made.Commands, fmt.Sprintf("alitad tx feegrant grant %s %s --spend-limit %s --allowed-messages %s --from %s --chain-id %s",
			s.FeeGranter, made.Seat, feeGrantLimit, seatMessages, s.FeeGranter, s.ChainID))
	} else {
		made.Commands = append(made.Commands, fmt.Sprintf("alitad tx bank send OPERATOR %s %s --chain-id %s", made.Seat, feeGrantLimit, s.ChainID))
	}
	made.Commands = append(made.Commands, fmt.Sprintf("alitad tx compute register-seat %s %s %s --from OPERATOR --chain-id %s",
		made.Seat, bond, fee, s.ChainID))
	return made, nil
}

func (m seatMade) write(w io.Writer, output string) error {
	if output == "json" {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(m)
	}
	text := fmt.Sprintf("Seat address:       %s\nKey file:           %s\nConfiguration file: %s\n\nThe validator's operator now runs:\n\n",
		m.Seat, m.KeyFile, m.ConfigFile)
	for _, c := range m.Commands {
		text += "  " + c + "\n"
	}
	text += "\nThen: alita-worker seat run\n"
	_, err := io.WriteString(w, text)
	return err
}

// seatFlags are the flags of seat run.
type seatFlags struct {
	logFormat, logLevel string
	poll, health        time.Duration
	cpus                int
}

func newSeatRunCommand(o *options) *cobra.Command {
	var f seatFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Sit in jobs until interrupted",
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
			return runSeat(cmd.Context(), o.seat(), passphrase, f, log)
		},
	}
	cmd.Flags().StringVar(&f.logFormat, "log-format", "text", "text or json")
	cmd.Flags().StringVar(&f.logLevel, "log-level", "info", "debug, info, warn or error")
	cmd.Flags().DurationVar(&f.poll, "poll", time.Second, "how often the node is asked for a new block")
	cmd.Flags().DurationVar(&f.health, "health", time.Minute, "how often a health line is written")
	cmd.Flags().IntVar(&f.cpus, "cpus", 0, "how many contributions are judged at a time; 0: as the configuration file says")
	return cmd
}

func runSeat(ctx context.Context, h seat.Home, passphrase string, f seatFlags, log *slog.Logger) (err error) {
	if err := h.Check(); err != nil {
		return err
	}
	settings, err := seat.ReadSettings(h.ConfigFile())
	if err != nil {
		return err
	}
	if f.cpus > 0 {
		settings.CPUs = f.cpus
	}
	lock, err := h.Lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	keys, err := keyfile.Read(h.KeyFile(), passphrase)
	if err != nil {
		return err
	}
	debug.FreeOSMemory() // scrypt has used 256 MiB
	signer, err := chain.NewSigner(keys.Account)
	if err != nil {
		return err
	}
	client, err := chain.Dial(settings.Node)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	journal, err := seat.OpenJournal(h.Journal(), keys.Reader, settings.ChainID, signer.Address())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	return seat.New(seat.Config{
		ChainID: settings.ChainID,
		Address: signer.Address(),
		Journal: journal,
		Chain:   client,
		Sender: &chain.Sender{
			Client: client, Signer: signer, ChainID: settings.ChainID, FeeGranter: settings.FeeGranter, GasPrice: settings.GasPrice,
		},
		Log:    log,
		CPUs:   settings.CPUs,
		Poll:   f.poll,
		Health: f.health,
	}).Run(ctx)
}
