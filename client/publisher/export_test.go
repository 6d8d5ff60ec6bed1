package publisher

import (
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// ChooseWorkers is chooseWorkers.
func ChooseWorkers(all []types.Worker, owner string, named []string) ([]types.Worker, error) {
	return chooseWorkers(all, owner, named)
}

// AdoptTypes is adoptTypes.
func AdoptTypes(found map[string]datapooltypes.ColumnType, required []datapooltypes.RequiredColumn) {
	adoptTypes(found, required)
}
