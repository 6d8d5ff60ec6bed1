package metadata

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/cosmos/gogoproto/proto"
	"github.com/spf13/cobra"
	"google.golang.org/grpc"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/trust"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

const (
	flagWorker    = "worker"
	flagWorkerKey = "worker-key"
)

// addSessionFlags adds the flags of commands that register a version.
func addSessionFlags(cmd *cobra.Command) {
	addDocumentFlags(cmd.Flags())
	cmd.Flags().StringArray(flagWorker, nil, "a worker that is to read the file; by default all of the owner's; can be repeated")
	cmd.Flags().StringArray(flagWorkerKey, nil, "WORKER=FILE: the public key file of a worker of yours (alita-worker init names it), to which it is compared; can be repeated")
	trust.AddFlags(cmd)
	txflags.AddFlags(cmd)
	_ = cmd.MarkFlagRequired(flagFile)
}

// session is the run of a command that registers a version: the chain, its owner and the workers that are to read it.
type session struct {
	cmd       *cobra.Command
	clientCtx client.Context
	// conn answers what the chain proves, all of it of one height.
	conn    grpc.ClientConnInterface
	owner   string
	workers []types.Worker
}

// newSession learns which workers the owner has.
func newSession(cmd *cobra.Command) (*session, error) {
	clientCtx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return nil, err
	}
	output, err := cmd.Flags().GetString(flags.FlagOutput)
	if err != nil {
		return nil, err
	}
	if len(clientCtx.GetFromAddress()) == 0 {
		return nil, fmt.Errorf("--%s: expected the key of the owner, got none: list the keys with `alitad keys list`", flags.FlagFrom)
	}
	s := &session{cmd: cmd, owner: clientCtx.GetFromAddress().String()}
	chainID, err := chainOf(cmd, clientCtx)
	if err != nil {
		return nil, err
	}
	s.clientCtx = clientCtx.WithOutputFormat(output).WithChainID(chainID)
	asks := &tx.Client{Conn: txflags.Conn(s.clientCtx), ChainID: chainID}
	if err := trust.Believe(cmd, s.clientCtx, asks); err != nil {
		return nil, err
	}
	if s.conn, _, err = asks.At(cmd.Context()); err != nil {
		return nil, err
	}
	named, err := cmd.Flags().GetStringArray(flagWorker)
	if err != nil {
		return nil, err
	}
	s.workers, err = publisher.Workers(cmd.Context(), s.conn, s.owner, named...)
	if errors.Is(err, publisher.ErrNoWorker) {
		return nil, fmt.Errorf("%w; choose with --%s, or make one with alita-worker init and register it with tx metadata register-worker", err, flagWorker)
	}
	if err != nil {
		return nil, err
	}
	var pins publisher.Pins
	if clientCtx.HomeDir != "" {
		pins.File = filepath.Join(clientCtx.HomeDir, "metadata", "workers.json")
	}
	if pins.Known, err = readWorkerKeys(cmd); err != nil {
		return nil, err
	}
	fresh, err := pins.Check(s.workers)
	for _, address := range fresh {
		cmd.PrintErrf("worker %s: its key was not seen before. It is kept in %s, and from now on no other one is sealed to;\n"+
			"compare it once with `alita-worker key`, or name the worker's own file with --%s\n", address, pins.File, flagWorkerKey)
	}
	return s, err
}

// chainOf is the chain that the user names, to which the sealed location is bound: no worker could open one that is sealed for another.
// Only a node that is believed may name it: another node could name a chain of its own, and be believed there.
func chainOf(cmd *cobra.Command, clientCtx client.Context) (string, error) {
	if !trust.BelievesNode(cmd) {
		return clientCtx.ChainID, trust.CheckChain(clientCtx.ChainID)
	}
	info, err := cmtservice.NewServiceClient(txflags.Conn(clientCtx)).GetNodeInfo(cmd.Context(), &cmtservice.GetNodeInfoRequest{})
	if err != nil {
		return "", fmt.Errorf("chain of the node: %w", err)
	}
	chainID := info.GetDefaultNodeInfo().GetNetwork()
	if clientCtx.ChainID != "" && clientCtx.ChainID != chainID {
		return "", fmt.Errorf("--%s: expected %q, the chain of the node, got %q", flags.FlagChainID, chainID, clientCtx.ChainID)
	}
	return chainID, nil
}

// check reads the document and the local file and prints the findings. Its error is a refusal: nothing about the file
// has left the machine by then.
func (s *session) check(path string, poolID uint64) (publisher.Draft, error) {
	in, err := readInput(s.cmd.Flags(), path)
	if err != nil {
		return publisher.Draft{}, err
	}
	if in.file == nil {
		return publisher.Draft{}, fmt.Errorf("--%s: expected the local file with the data, got none", flagFile)
	}
	pool, err := datapooltypes.NewQueryClient(s.conn).Pool(s.cmd.Context(), &datapooltypes.QueryPoolRequest{PoolId: poolID})
	if err != nil {
		return publisher.Draft{}, fmt.Errorf("pool %d: %s", poolID, tx.Plain(err))
	}
	draft, err := publisher.Check(in.document, in.options, in.file, pool.Pool.Requirements.Columns)
	v := newVerdict(draft, err)
	if s.clientCtx.OutputFormat == flags.OutputFormatText {
		if err := errors.Join(printColumns(s.cmd.ErrOrStderr(), in.file), printFindings(s.cmd.ErrOrStderr(), v.Findings)); err != nil {
			return draft, err
		}
	} else if !v.Accepted {
		if err := v.printJSON(s.cmd.OutOrStdout()); err != nil {
			return draft, err
		}
	}
	return draft, v.refusal
}

// answer is the result of a registration, as it is printed.
type answer struct {
	RecordID string             `json:"record_id"`
	Version  string             `json:"version"`
	Status   string             `json:"status"`
	Rows     uint64             `json:"rows"`
	Workers  []string           `json:"workers"`
	TxHash   string             `json:"txhash"`
	Height   int64              `json:"height"`
	GasUsed  int64              `json:"gas_used"`
	Findings []document.Finding `json:"findings"`
}

// registered is a response that has the status of the version.
type registered interface {
	proto.Message
	GetStatus() types.VersionStatus
}

// send broadcasts the message and prints the record. With --generate-only it prints the transaction instead.
func (s *session) send(msg sdk.Msg, recordID string, d publisher.Draft, into registered) error {
	res, err := txflags.Send(s.cmd, s.clientCtx, msg)
	if err != nil || res == nil {
		return err
	}
	if err := tx.DecodeResponse(res, into); err != nil {
		return err
	}
	a := answer{
		RecordID: recordID, Version: d.Version, Status: statusName(into.GetStatus()),
		Rows: d.File.Rows(), TxHash: res.TxHash, Height: res.Height, GasUsed: res.GasUsed,
		Findings: d.Findings,
	}
	for _, w := range s.workers {
		a.Workers = append(a.Workers, w.Address)
	}
	return s.print(a)
}

func (s *session) print(a answer) error {
	if s.clientCtx.OutputFormat == flags.OutputFormatJSON {
		out, err := json.MarshalIndent(a, "", "  ")
		if err != nil {
			return err
		}
		return s.clientCtx.PrintString(string(out) + "\n")
	}
	return s.clientCtx.PrintString(fmt.Sprintf(
		"record       %s\nversion      %s, %s\nrows         %d\nsealed to    %s\ntransaction  %s in block %d, %d gas\n",
		a.RecordID, a.Version, a.Status, a.Rows, strings.Join(a.Workers, ", "), a.TxHash, a.Height, a.GasUsed))
}

func statusName(status types.VersionStatus) string {
	switch status {
	case types.VERSION_STATUS_PENDING:
		return "pending"
	case types.VERSION_STATUS_ADMITTED:
		return "admitted"
	}
	return status.String()
}
