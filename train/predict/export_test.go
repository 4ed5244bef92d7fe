package predict

// AllSizes are the numbers of rows for which there are programs.
var AllSizes = sizes
