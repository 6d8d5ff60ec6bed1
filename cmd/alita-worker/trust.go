package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/node/chain"
)

// trustFlags are the flags of the init commands that say whom to believe.
type trustFlags struct {
	text      string
	witnesses []string
}

func (f *trustFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.text, "trust", "", "HEIGHT:HASH of a header that you know, or node to believe the node whatever it says; empty asks node and witnesses")
	flags.StringArrayVar(&f.witnesses, "witness", nil, "gRPC address of another node, of other people; can be repeated")
}

// find returns the trust that was given, or one that the node and at least one witness agree on; found is its root then.
func (f *trustFlags) find(ctx context.Context, chainID, node string) (trust chain.Trust, found *foundRoot, err error) {
	if f.text != "" {
		trust, err = chain.ParseTrust(f.text)
		return trust, nil, err
	}
	if len(f.witnesses) == 0 {
		return chain.Trust{}, nil, errors.New("--trust: expected HEIGHT:HASH of a header that you know, --witness ADDRESS of another node to compare the node with, " +
			"or the word node to believe the node whatever it says, got none")
	}
	root, agreed, err := chain.FindRoot(ctx, chainID, 0, node, f.witnesses...)
	if err != nil {
		return chain.Trust{}, nil, err
	}
	return chain.Trust{Root: root}, &foundRoot{Root: root.String(), Witnesses: agreed}, nil
}

// foundRoot is a trust root that nodes have shown.
type foundRoot struct {
	Root string `json:"root"`
	// Witnesses is how many nodes besides the first have shown it.
	Witnesses int `json:"witnesses"`
}

// advice is what to do with a root that was found.
const advice = "Compare it with what others publish for this height: whoever gives you a wrong one can show you another chain."

func (r foundRoot) write(w io.Writer) error {
	_, err := fmt.Fprintf(w, "Trust root:      %s, shown by the node and %d witness(es)\n                 %s\n", r.Root, r.Witnesses, advice)
	return err
}

// trustedHome is a home whose file has a trust.
type trustedHome interface {
	Endpoints() (chain.Endpoints, error)
	SetTrust(t chain.Trust) error
}

// newTrustCommand is the command trust for the home that open returns.
func newTrustCommand(open func() trustedHome) *cobra.Command {
	var height int64
	var write bool
	var witnesses []string
	var output outputFlag
	cmd := &cobra.Command{
		Use:   "trust [HEIGHT:HASH | node]",
		Short: "Find a header to believe the chain from, or set one",
		Long: `Without an argument trust asks the node and its witnesses for a header that is nearly the newest one, refuses if they differ, and
prints its height and hash. Compare them with what others publish, and set them with --write.

With an argument it takes your word. A new trust root is needed at the beginning, after two weeks offline, and after two
headers of one height were signed.`,
		Example: "alita-worker trust --witness node.example.org:9090\nalita-worker trust 120000:5D0C...E1 --write",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			home := open()
			endpoints, err := home.Endpoints()
			if err != nil {
				return err
			}
			var trust chain.Trust
			if len(args) == 1 {
				trust, err = chain.ParseTrust(args[0])
			} else {
				var root light.Root
				var agreed int
				others := slices.Concat(endpoints.Witnesses, witnesses)
				root, agreed, err = chain.FindRoot(cmd.Context(), endpoints.ChainID, height, endpoints.Node, others...)
				if err == nil {
					trust, err = chain.Trust{Root: root}, printRoot(cmd.OutOrStdout(), output, foundRoot{root.String(), agreed})
				}
				if err == nil && write && agreed == 0 {
					err = errors.New("--write: expected a root that a witness has shown as well, got the node's alone; give --witness, or the root itself")
				}
			}
			if err != nil || !write {
				return err
			}
			return home.SetTrust(trust)
		},
	}
	cmd.Flags().Int64Var(&height, "height", 0, "height of the header; 0: nearly the newest one")
	cmd.Flags().BoolVar(&write, "write", false, "set it in the file of the home")
	cmd.Flags().StringArrayVar(&witnesses, "witness", nil, "gRPC address of another node, in addition to the file's; can be repeated")
	output.add(cmd.Flags())
	return cmd
}

func printRoot(w io.Writer, output outputFlag, r foundRoot) error {
	if output.json {
		return writeJSON(w, r)
	}
	return r.write(w)
}
