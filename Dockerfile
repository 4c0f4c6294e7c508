FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src src
COPY rules rules
COPY docs docs
COPY recipes recipes
RUN dotnet publish src/MisskeyAutomations --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /automations
RUN mkdir -m 0700 data && mkdir rules && chown $APP_UID:$APP_UID data
COPY --from=build /app /app
COPY --from=build /source/rules rules
USER $APP_UID
VOLUME /automations/data
EXPOSE 8080
# Whether webhooks can be stored; the image has no curl.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]
# A stop may take up to ten seconds: `docker stop --time 15`.
ENTRYPOINT ["dotnet", "/app/MisskeyAutomations.dll"]
CMD ["run", "--urls", "http://0.0.0.0:8080"]
