#!/bin/sh
# Starts JMeter in this process, so that signals reach the JVM. Taurus asks for --version before each test only to
# see that it exits with 0; answering without a JVM saves a second.
home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
case " $* " in *" --version "*) echo "@version@"; exit 0 ;; esac
opens=
for package in java.base/java.lang java.base/java.lang.invoke java.base/java.lang.reflect java.base/java.math \
  java.base/java.net java.base/java.text java.base/java.util java.base/java.util.concurrent java.base/sun.net.www.protocol.http \
  java.desktop/java.awt.font java.desktop/javax.swing; do
  opens="$opens --add-opens=$package=ALL-UNNAMED"
done
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" ${HEAP:--Xmx512m} ${JM_GC:--XX:+UseSerialGC -Xshare:auto} \
  -XX:+ExitOnOutOfMemoryError -Djava.awt.headless=true -Djava.security.egd=file:/dev/urandom $opens ${JVM_ARGS:-} \
  -jar "$home/bin/ApacheJMeter.jar" "$@"
