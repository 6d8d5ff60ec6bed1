package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/keyfile"
	"github.com/alita-network/alita/node/worker"
)

// feeGrantLimit is what the printed command grants the worker for fees.
const feeGrantLimit = "10000000ualita"

func newInitCommand(o *options) *cobra.Command {
	var p worker.Policy
	var name, output string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make the worker's keys and a policy file, and print what the owner has to do",
		Example: `  alita-worker init --owner alita1... --node 127.0.0.1:9090 --chain-id alita-1 \
      --data-dir /home/me/data --author alita1... --min-cohort 3 --individual-results`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output != "text" && output != "json" {
				return fmt.Errorf("--output %q: text or json is expected", output)
			}
			for i, d := range p.DataDirs {
				abs, err := filepath.Abs(d)
				if err != nil {
					return err
				}
				p.DataDirs[i] = abs
			}
			policy, err := worker.PolicyFile(p)
			if err != nil {
				return err
			}
			passphrase, err := o.passphrase(cmd.ErrOrStderr(), true)
			if err != nil {
				return err
			}
			made, err := initHome(o.worker(), p, policy, passphrase, name)
			if err != nil {
				return err
			}
			return made.write(cmd.OutOrStdout(), output)
		},
	}
	f := cmd.Flags()
	f.StringVar(&p.Owner, "owner", "", "account that the worker works for")
	f.StringVar(&p.Node, "node", "127.0.0.1:9090", "gRPC address of a node: host:port, or https://host[:port]")
	f.StringVar(&p.ChainID, "chain-id", "", "id of the chain")
	f.StringVar(&name, "name", "worker", "name of the worker for people; at most 64 characters")
	f.StringVar(&p.Fees.Payer, "fee-payer", worker.PayerOwner, "who pays for transactions: owner (by a fee grant) or worker")
	f.StringVar(&p.Fees.GasPrice, "gas-price", "", "price of gas such as 0.0025ualita; empty takes the node's minimum")
	f.StringArrayVar(&p.DataDirs, "data-dir", nil, "folder in which data files may lie; can be repeated")
	f.StringArrayVar(&p.Records, "record", nil, "record that takes part; can be repeated; none: all")
	f.StringArrayVar(&p.Programs, "program", nil, "id of a program that may run; can be repeated")
	f.StringArrayVar(&p.Authors, "author", nil, "account whose programs may run; can be repeated")
	f.BoolVar(&p.AnyProgram, "any-program", false, "every program may run that a grant allows")
	f.StringArrayVar(&p.Consumers, "consumer", nil, "account that may ask; can be repeated; none: any")
	f.StringArrayVar(&p.Purposes, "purpose", nil, "purpose that is allowed; can be repeated; none: any")
	f.Uint64Var(&p.MinPricePerMop, "min-price", 1, "smallest price of a million operations, in ualita")
	f.Uint32Var(&p.MinCohort, "min-cohort", 3, "smallest number of owners of a job")
	f.Uint32Var(&p.MinSeats, "min-seats", worker.DefaultMinSeats, "smallest number of seats of a secure sum")
	f.Uint64Var(&p.MaxOperations, "max-operations", 0, "greatest number of operations of one run; 0: no bound")
	f.BoolVar(&p.IndividualResults, "individual-results", false, "the payer may read this owner's own result")
	f.StringVarP(&output, "output", "o", "text", "text or json")
	for _, required := range []string{"owner", "chain-id"} {
		if err := cmd.MarkFlagRequired(required); err != nil {
			panic(err)
		}
	}
	return cmd
}

// initialized is what init has made.
type initialized struct {
	Worker        string   `json:"worker"`
	Owner         string   `json:"owner"`
	PublicKey     string   `json:"public_key"` // base64
	PublicKeyFile string   `json:"public_key_file"`
	KeyFile       string   `json:"key_file"`
	PolicyFile    string   `json:"policy_file"`
	Commands      []string `json:"commands"`
	Hints         []string `json:"hints"`
}

func initHome(h worker.Home, p worker.Policy, policy []byte, passphrase, name string) (initialized, error) {
	if err := h.Create(); err != nil {
		return initialized{}, err
	}
	if _, err := os.Lstat(h.PolicyFile()); !errors.Is(err, os.ErrNotExist) {
		return initialized{}, fmt.Errorf("%s exists already; give another --home", h.PolicyFile())
	}
	keys, err := keyfile.Generate()
	if err != nil {
		return initialized{}, err
	}
	signer, err := chain.NewSigner(keys.Account)
	if err != nil {
		return initialized{}, err
	}
	if err := keyfile.Write(h.KeyFile(), keys, passphrase); err != nil {
		return initialized{}, err
	}
	public := keys.Reader.Public().Bytes()
	if err := os.WriteFile(h.PublicKey(), public, 0o600); err != nil {
		return initialized{}, err
	}
	if err := os.WriteFile(h.PolicyFile(), policy, 0o600); err != nil {
		return initialized{}, err
	}
	pub, err := filepath.Abs(h.PublicKey())
	if err != nil {
		return initialized{}, err
	}
	out := initialized{
		Worker: signer.Address(), Owner: p.Owner, PublicKey: base64.StdEncoding.EncodeToString(public),
		PublicKeyFile: pub, KeyFile: h.KeyFile(), PolicyFile: h.PolicyFile(), Hints: p.Hints(),
		Commands: []string{fmt.Sprintf("alitad tx metadata register-worker %s %s --name %q --from %s --chain-id %s",
			signer.Address(), pub, name, p.Owner, p.ChainID)},
	}
	if p.FeeGranter() != "" {
		out.Commands = append(out.Commands, fmt.Sprintf(
			"alitad tx feegrant grant %s %s --spend-limit %s --allowed-messages /alita.compute.v1.MsgContribute,/alita.compute.v1.MsgDeliver,/alita.compute.v1.MsgAccuseSeat --from %s --chain-id %s",
			p.Owner, signer.Address(), feeGrantLimit, p.Owner, p.ChainID))
	} else {
		out.Commands = append(out.Commands, fmt.Sprintf("alitad tx bank send %s %s %s --from %s --chain-id %s",
			p.Owner, signer.Address(), feeGrantLimit, p.Owner, p.ChainID))
	}
	return out, nil
}

func (i initialized) write(w io.Writer, output string) error {
	if output == "json" {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(i)
	}
	text := fmt.Sprintf("Worker address:  %s\nHPKE public key: %s\n\nKey file:        %s\nPublic key file: %s\nPolicy file:     %s\n",
		i.Worker, i.PublicKey, i.KeyFile, i.PublicKeyFile, i.PolicyFile)
	for _, h := range i.Hints {
		text += "Note: " + h + "\n"
	}
	text += "\nThe owner now runs:\n\n"
	for _, c := range i.Commands {
		text += "  " + c + "\n"
	}
	text += "\nThen: alita-worker check, and alita-worker run\n"
	_, err := io.WriteString(w, text)
	return err
}
