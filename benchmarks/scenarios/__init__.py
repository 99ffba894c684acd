"""What is compared: each module measures, and gives raw numbers; none of them judges."""
