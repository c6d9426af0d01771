function Invoke-Mimikatz {
  # loads a ReflectivePE image
}
