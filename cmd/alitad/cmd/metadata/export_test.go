package metadata

import (
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/publisher/document"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// ChooseWorkers is chooseWorkers.
func ChooseWorkers(all []types.Worker, owner string, named []string) ([]types.Worker, error) {
	return chooseWorkers(all, owner, named)
}

// Registration makes the message that register broadcasts.
func Registration(chainID, path, file string, owner sdk.AccAddress, salt []byte, workers []types.Worker) (*types.MsgRegisterRecord, error) {
	cmd := NewRegisterCmd()
	if err := cmd.Flags().Set(flagFile, file); err != nil {
		return nil, err
	}
	opts, local, err := documentOptions(cmd.Flags())
	if err != nil {
		return nil, err
	}
	doc, err := readDocument(path)
	if err != nil {
		return nil, err
	}
	imported, err := document.Import(doc, opts)
	if err != nil {
		return nil, err
	}
	if err := newVerdict(imported, nil).refusal(); err != nil {
		return nil, err
	}
	s := &session{cmd: cmd, chainID: chainID, owner: owner.String(), imported: imported, local: local, workers: workers}
	return s.registration(types.RecordID(owner, salt), owner, salt, 1)
}

// ColumnTypes reads a file and tells the types of its columns.
func ColumnTypes(path string) (map[string]datapooltypes.ColumnType, error) {
	l, err := readLocalFile(path, "")
	if err != nil {
		return nil, err
	}
	return l.columns, nil
}

// AdoptTypes is adoptTypes.
func AdoptTypes(found map[string]datapooltypes.ColumnType, required []datapooltypes.RequiredColumn) {
	adoptTypes(found, required)
}
